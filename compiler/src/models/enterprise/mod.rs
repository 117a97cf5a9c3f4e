//! The licence.

super::model::list! {}
