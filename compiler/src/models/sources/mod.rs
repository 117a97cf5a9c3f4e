//! Sources: where users and groups come from, the mappings that shape them, and who is connected to what.

super::model::list! {}
