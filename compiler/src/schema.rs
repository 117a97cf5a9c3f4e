//! JSON Schemas of the models and of whole blueprints.
