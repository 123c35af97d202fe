//! The concierge's port: chat, past conversations and events, the chat interface of others, statements, the
//! operators' switch, the colleagues' queue, channels, and what every role answers.

mod assets;
mod channels;
mod chat;
mod chunks;
mod completions;
mod conversations;
mod customers;
mod desk;
mod events;
mod factor_answers;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod handoff;
mod money;
mod money_requests;
mod policies;
mod policy_requests;
mod repeats;
mod root;
mod statements;
mod stream;
mod turns;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::docs;
use crate::edge::Edge;
use crate::layers;
use crate::role::Role;
use crate::services::{Beside, ConciergeService};
use crate::{guardrails, ops, rag};

type State = (Edge, ConciergeService);

fn api() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(chat::chat))
        .routes(routes!(events::events))
        .routes(routes!(conversations::conversations))
        .routes(routes!(conversations::conversation))
        .routes(routes!(completions::completions))
        .routes(routes!(completions::models))
        .routes(routes!(statements::statement))
        .routes(routes!(factor_answers::answer_factor))
        .routes(routes!(channels::messages::message))
        .routes(routes!(channels::links::link))
        .routes(routes!(handoff::handoff))
        .routes(routes!(desk::list::list))
        .routes(routes!(desk::one::one))
        .routes(routes!(desk::briefing::briefing))
        .routes(routes!(desk::claim::claim))
        .routes(routes!(desk::reply::reply))
        .routes(routes!(desk::close::close))
        .routes(routes!(desk::insights::insights))
        .routes(routes!(desk::turns::turns))
        .routes(routes!(desk::turns::trace))
        .routes(routes!(money::money, money::switch_money))
        .routes(routes!(money_requests::approve))
        .routes(routes!(money_requests::withdraw))
        .routes(routes!(policies::policies))
        .routes(routes!(policies::change_policy))
        .routes(routes!(policy_requests::approve))
        .routes(routes!(policy_requests::withdraw))
        .routes(routes!(customers::erase))
        .routes(routes!(customers::end))
}

/// The operations of this role, for the document.
pub(crate) fn described() -> OpenApi {
    let root: OpenApiRouter<Edge> = OpenApiRouter::new().routes(routes!(root::root));
    let mut document = api().into_openapi();
    document.merge(root.into_openapi());
    document
}

/// The concierge's port. With [`Beside`] it answers the other roles' paths too.
pub fn concierge_router(edge: &Edge, service: ConciergeService, beside: Beside) -> Router {
    let mut roles = vec![Role::Concierge];
    let root = OpenApiRouter::new()
        .routes(routes!(root::root))
        .with_state(edge.clone());
    let mut router: OpenApiRouter = ops::router(edge, service.readiness.clone())
        .merge(root)
        .merge(api().with_state((edge.clone(), service)));
    if let Some(service) = beside.rag {
        roles.push(Role::Rag);
        router = router.merge(rag::api().with_state((edge.clone(), service)));
    }
    if let Some(service) = beside.guardrails {
        roles.push(Role::Guardrails);
        router = router.merge(guardrails::api().with_state((edge.clone(), service)));
    }
    let (router, _) = router.split_for_parts();
    let router = router.merge(docs::router(&roles)).merge(assets::router());
    layers::wrap(router, edge, Role::Concierge)
}
