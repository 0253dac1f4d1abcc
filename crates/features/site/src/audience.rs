//! temporary
pub(crate) fn tokens(instance: &instance::Instance) -> wire::token::TokenKey {
    wire::token::TokenKey::new(instance.secrets.key("reader-token"))
}
pub(crate) fn subscribe_form(_: &instance::Instance, publication: &publications::Publication) -> String {
    format!("<form method=post action=\"/{}/subscribe\">{}<button class=button>S’abonner</button></form>", publication.slug, web::Field::email("email", "Votre adresse").required())
}
