//! The models of the peer, one file each.
