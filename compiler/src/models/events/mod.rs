//! Events, and who hears of them how.

mod event;
mod notification;
mod notificationrule;
mod notificationtransport;
mod notificationwebhookmapping;

pub use event::Event;
pub use notification::Notification;
pub use notificationrule::{NotificationRule, Severity};
pub use notificationtransport::{NotificationTransport, TransportMode};
pub use notificationwebhookmapping::NotificationWebhookMapping;

super::model::list! {
    Event,
    Notification,
    NotificationRule,
    NotificationTransport,
    NotificationWebhookMapping,
}
