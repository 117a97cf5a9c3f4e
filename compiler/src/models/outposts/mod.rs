//! Outposts, and what runs them.

mod dockerserviceconnection;
mod kubernetesserviceconnection;
mod outpost;

pub use dockerserviceconnection::DockerServiceConnection;
pub use kubernetesserviceconnection::KubernetesServiceConnection;
pub use outpost::{Outpost, OutpostType};

super::model::list! {
    DockerServiceConnection,
    KubernetesServiceConnection,
    Outpost,
}
