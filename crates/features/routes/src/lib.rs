//! Routes: the ways out, who uses which, and how much each has carried today.
