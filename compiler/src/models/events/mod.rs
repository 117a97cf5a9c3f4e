//! Notifications: who hears of what, and how.

mod notificationrule;
mod notificationtransport;

pub use notificationrule::{NotificationRule, Severity};
pub use notificationtransport::{NotificationTransport, TransportMode};

super::model::list! {
    NotificationRule,
    NotificationTransport,
}
