//! Every question about readers, by who asks it.

pub(crate) mod desk;
pub(crate) mod import;
pub(crate) mod readers;
pub(crate) mod segment;

use store::Query;

/// Every query of this slice.
pub const ALL: &[Query] = &[
    readers::BY_ID,
    readers::BY_KEY,
    readers::SUBSCRIPTION,
    readers::SUBSCRIPTIONS,
    readers::KEEP_READER,
    readers::ASK,
    readers::MOVE,
    readers::KEEP_CONSENT,
    readers::CONSENTS,
    readers::ASKED_AT,
    readers::KEEP_ASKED,
    readers::SUPPRESSIONS,
    readers::SUPPRESS,
    readers::UNSUPPRESS,
    readers::SUPPRESS_ELSEWHERE,
    readers::CHANGE_READER,
    readers::TAGS,
    readers::TAGGED,
    readers::DELIVERIES,
    readers::FORGET_TAGS,
    readers::FORGET_CONSENTS,
    readers::FORGET_SUBSCRIPTIONS,
    readers::FORGET_RETURNS,
    readers::FORGET_SOFT_RETURNS,
    readers::FORGET_REPLIES,
    readers::FORGET_LETTERS,
    readers::RETURNS,
    readers::REPLIES,
    readers::FORGET_READER,
    readers::TAKE_ALLOWANCE,
    readers::ALLOWANCE,
    import::KNOWN,
    import::KNOWN_TAGS,
    import::ADD_READER,
    import::FILL_READER,
    import::ADD_SUBSCRIPTIONS,
    import::ADD_TAGS,
    import::ADD_SUPPRESSION,
    import::END_SUBSCRIPTIONS,
    import::KEEP_CONSENTS,
    import::EXPORT_PAGE,
    import::EXPORT_TAGS,
    segment::CREATE,
    segment::BY_SLUG,
    segment::OF_PUBLICATION,
    desk::COUNTS,
    desk::NEWEST,
    desk::NEWEST_IN_STATE,
    desk::BY_ADDRESS,
    desk::BY_ADDRESS_IN_STATE,
    desk::SUPPRESSED,
];
