//! Reports for other programs keep to the formats that those expect.

use serde_json::{Value as Json, json};

use crate::support::root;
use crate::support::sandbox::Sandbox;

/// What SARIF 2.1.0 asks of the parts that we write, and nothing besides these parts.
fn sarif() -> Json {
    let text = json!({ "type": "string", "minLength": 1 });
    let message = json!({ "type": "object", "required": ["text"], "additionalProperties": false,
        "properties": { "text": text, "markdown": text } });
    let level = json!({ "enum": ["none", "note", "warning", "error"] });
    let number = json!({ "type": "integer", "minimum": 1 });
    // Relative addresses alone: what lies elsewhere has another test.
    let artifact = json!({ "type": "object", "required": ["uri"], "additionalProperties": false,
        "properties": { "uri": { "type": "string", "format": "uri-reference", "pattern": "^[^/:]+(/[^:]*)?$" } } });
    let region = json!({ "type": "object", "required": ["startLine", "startColumn", "endLine", "endColumn"],
        "additionalProperties": false,
        "properties": { "startLine": number, "startColumn": number, "endLine": number, "endColumn": number } });
    let physical = json!({ "type": "object", "required": ["artifactLocation"], "additionalProperties": false,
        "properties": { "artifactLocation": artifact, "region": region } });
    let rule = json!({ "type": "object", "additionalProperties": false,
        "required": ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration"],
        "properties": {
            "id": { "type": "string", "pattern": "^[a-z0-9-]+$" },
            "shortDescription": message, "fullDescription": message, "help": message,
            "defaultConfiguration": { "type": "object", "properties": { "level": level } },
        } });
    let driver = json!({ "type": "object", "required": ["name", "version", "rules"], "additionalProperties": false,
        "properties": { "name": text, "version": text,
            "rules": { "type": "array", "items": rule, "uniqueItems": true } } });
    let related = json!({ "type": "object", "required": ["id", "physicalLocation", "message"],
        "additionalProperties": false,
        "properties": { "id": number, "physicalLocation": physical, "message": message } });
    let result = json!({ "type": "object", "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
        "additionalProperties": false,
        "properties": {
            "ruleId": text, "ruleIndex": { "type": "integer", "minimum": 0 }, "level": level, "message": message,
            "locations": { "type": "array", "maxItems": 1, "items": { "type": "object",
                "required": ["physicalLocation"], "additionalProperties": false,
                "properties": { "physicalLocation": physical } } },
            "relatedLocations": { "type": "array", "minItems": 1, "items": related },
        } });
    let notification = json!({ "type": "object", "required": ["message"],
        "properties": { "level": level, "message": message } });
    let invocation = json!({ "type": "object", "required": ["executionSuccessful"], "additionalProperties": false,
        "properties": { "executionSuccessful": { "type": "boolean" },
            "toolExecutionNotifications": { "type": "array", "items": notification } } });
    json!({ "type": "object", "required": ["version", "runs"], "additionalProperties": false,
        "properties": {
            "$schema": { "type": "string", "format": "uri" },
            "version": { "const": "2.1.0" },
            "runs": { "type": "array", "minItems": 1, "maxItems": 1, "items": { "type": "object",
                "required": ["tool", "results"], "additionalProperties": false,
                "properties": {
                    "tool": { "type": "object", "required": ["driver"], "properties": { "driver": driver } },
                    "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
                    "invocations": { "type": "array", "items": invocation },
                    "results": { "type": "array", "items": result },
                } } },
        } })
}

#[track_caller]
fn assert_sarif(log: &Json) {
    let errors: Vec<String> = jsonschema::draft7::options()
        .should_validate_formats(true)
        .build(&sarif())
        .unwrap()
        .iter_errors(log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][at]["id"], result["ruleId"]);
    }
}

#[test]
fn sarif_is_sarif() {
    let sandbox = Sandbox::new();
    sandbox.copy(&root().join("tests/cases/formats"));
    sandbox.copy(&root().join("tests/cases/many-mistakes"));
    let run = sandbox.run(&["check", "--no-shipped", "--format", "sarif", "./one.yaml", "sub", "files", "gone"]);
    let log = run.expect(1).json();
    assert_sarif(&log);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 8 && results.iter().any(|result| result.get("relatedLocations").is_some()));
    let named = |name: &str| {
        results.iter().any(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == name)
    };
    assert!(named("one.yaml") && named("sub/zwei%2C%C3%A4.yaml") && named("gone"), "{log:#}");

    assert_sarif(&sandbox.run(&["check", "--format", "sarif"]).expect(0).json());
    let failed = sandbox.run(&["plan", "--format", "sarif", "--database", "postgres://x", "files"]).expect(1).json();
    assert_sarif(&failed);
    assert_eq!(failed["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn addresses_are_relative_to_the_folder_of_the_run() {
    let (here, elsewhere) = (Sandbox::new(), Sandbox::new());
    let inside = here.write("deep/one.yaml", "version: 2\n");
    let outside = elsewhere.write("two.yaml", "version: 2\n");
    let (inside, outside) = (inside.canonicalize().unwrap(), outside.canonicalize().unwrap());
    let run =
        here.run(&["check", "--no-shipped", "--format", "sarif", inside.to_str().unwrap(), outside.to_str().unwrap()]);
    let log = run.expect(1).json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let uris: Vec<&str> = results
        .iter()
        .map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap())
        .collect();
    assert!(uris.contains(&"deep/one.yaml"), "{uris:?}");
    assert!(uris.iter().any(|uri| uri.starts_with("file:///") && uri.ends_with("/two.yaml")), "{uris:?}");
}
