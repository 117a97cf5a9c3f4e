//! The table of rules: one line a code, one file a code in `explain/`.
//!
//! A code without its file does not compile. The file says at length what the rule is for, then shows under `Wrong:` a
//! blueprint that breaks it and nothing else, and under `Right:` one that is mended; a test compiles both.

use super::Severity;
use crate::suggest::closest;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $severity:ident $(, $mark:ident)?;)+) => {
        /// The table of rules. A code never changes its name; a new rule is a new line here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable kebab-case name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The severity that it has by default.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// Whether `--strict` makes an error of it.
            #[must_use]
            pub const fn strict(self) -> bool {
                match self { $(Self::$variant => codes!(@strict $($mark)?),)+ }
            }

            /// Whether it is about blueprints that are right as far as the language goes.
            #[must_use]
            pub const fn lint(self) -> bool {
                match self { $(Self::$variant => codes!(@lint $($mark)?),)+ }
            }

            /// Whether it is only reported where somebody asks for it by name: files have many that do no harm.
            #[must_use]
            pub const fn quiet(self) -> bool {
                match self { $(Self::$variant => codes!(@quiet $($mark)?),)+ }
            }

            /// What the rule says, one line: the documentation of the code.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// What the rule is for and how to keep it, with an example that breaks it and one that does not: Markdown.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("explain/", $name, ".md")),)+ }
            }

            /// The code of this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The code that was probably meant by a name that no code has.
            #[must_use]
            pub fn suggest(name: &str) -> Option<Self> {
                closest(name, Self::ALL.iter().map(|code| code.name())).and_then(Self::named)
            }
        }
    };
    (@strict strict) => { true };
    (@strict $($other:ident)?) => { false };
    (@lint lint) => { true };
    (@lint quiet) => { true };
    (@lint $($other:ident)?) => { false };
    (@quiet quiet) => { true };
    (@quiet $($other:ident)?) => { false };
}

codes! {
    /// a file or folder cannot be read
    Unreadable = "unreadable", Error;
    /// a file is larger than `--max-file-size`
    FileTooLarge = "file-too-large", Error;
    /// a file is not UTF-8
    NotUtf8 = "not-utf8", Error;
    /// a file holds no blueprint
    EmptyFile = "empty-file", Error;
    /// a file of another kind among the blueprints
    NotABlueprint = "not-a-blueprint", Warning;
    /// the text is not YAML
    Syntax = "syntax", Error;
    /// anchors, aliases or nesting grow beyond the bounds
    TooComplex = "too-complex", Error;
    /// an alias names an anchor that is not there
    UnknownAnchor = "unknown-anchor", Error;
    /// more than one document in a file
    MultipleDocuments = "multiple-documents", Error;
    /// a quote that is none: nothing opens it, or a text program bent it
    StrayQuote = "stray-quote", Warning, strict;
    /// a key stands twice in one map; the last one counts
    DuplicateKey = "duplicate-key", Warning, strict;
    /// a tag that the language does not have
    UnknownTag = "unknown-tag", Error;
    /// a tag with the wrong arguments
    TagArguments = "tag-arguments", Error;
    /// a key that a blueprint or an entry does not have
    UnknownField = "unknown-field", Warning, strict;
    /// a part of the document has the wrong shape
    Shape = "shape", Error;
    /// a version other than 1
    UnknownVersion = "unknown-version", Error;
    /// a model that nobody has
    UnknownModel = "unknown-model", Error;
    /// a model of a later version of the peer; its entries are left out
    UnsupportedModel = "unsupported-model", Warning;
    /// objects of a model that this version stores without doing anything with them yet
    NoBehaviour = "no-behaviour", Warning;
    /// a state other than present, created, must_created and absent
    UnknownState = "unknown-state", Error;
    /// an entry without identifiers
    NoIdentifiers = "no-identifiers", Error;
    /// an attribute that the model does not have
    UnknownAttribute = "unknown-attribute", Warning, strict;
    /// an attribute under the name of an older version
    DeprecatedAttribute = "deprecated-attribute", Warning;
    /// a model under the name of an older version
    DeprecatedModel = "deprecated-model", Warning;
    /// a required attribute is missing
    MissingAttribute = "missing-attribute", Warning;
    /// a value of the wrong type, outside its choices or of the wrong form
    InvalidValue = "invalid-value", Error;
    /// an attribute that is an identifier too, with another value: the identifier wins
    IdentifierWins = "identifier-wins", Warning;
    /// an `id` that two entries of a file have
    DuplicateId = "duplicate-id", Warning;
    /// a `!KeyOf` to an `id` that no entry of the file has
    UnknownId = "unknown-id", Error;
    /// a reference to an entry that takes no part
    LeftOut = "left-out", Error;
    /// a reference to an object of the wrong kind
    WrongKind = "wrong-kind", Error;
    /// objects that need each other
    Cycle = "cycle", Error;
    /// two entries of one layer that declare the same field differently
    Conflict = "conflict", Error;
    /// a single file wins over another single file of the command line
    OverridesSibling = "overrides-sibling", Warning;
    /// an object that is `absent` although another entry needs it
    AbsentNeeded = "absent-needed", Error;
    /// a look-up that finds nothing
    FindNothing = "find-nothing", Warning;
    /// a look-up that no file answers; the plan asks the database
    FindInDatabase = "find-in-database", Info, quiet;
    /// a `!FindObject` of which a secret is wanted
    SecretLookUp = "secret-look-up", Error;
    /// a `!Context` key that the context does not have
    UnknownContext = "unknown-context", Warning;
    /// an `!Env` variable that is not set
    UnsetEnv = "unset-env", Info;
    /// a `!File` that cannot be read
    UnreadableFile = "unreadable-file", Warning;
    /// a value that only the plan or the environment can tell stands where it has to be known
    NotKnown = "not-known", Error;
    /// a blueprint that another one requires is not there
    MissingBlueprint = "missing-blueprint", Error;
    /// an expression that does not parse
    ExpressionSyntax = "expression-syntax", Error;
    /// an expression that uses a name which this kind of expression does not have
    ExpressionName = "expression-name", Error;
    /// an expression that imports what is not there
    ExpressionImport = "expression-import", Error;
    /// an expression with a construct that is not supported
    ExpressionUnsupported = "expression-unsupported", Error;
    /// a regular expression that does not compile
    ExpressionRegex = "expression-regex", Error;
    /// a key of an object that is another one in every database
    HardCodedPk = "hard-coded-pk", Warning, lint;
    /// a secret that stands in the file in plain text
    PlainSecret = "plain-secret", Warning, lint;
    /// a secret in an attribute that everybody may see
    SecretExposed = "secret-exposed", Error;
    /// a variable that sounds like a secret, in an attribute that everybody may see
    EnvLooksSecret = "env-looks-secret", Warning, lint;
    /// a context key that nothing reads
    UnusedContext = "unused-context", Warning, lint;
    /// an `id` that nothing refers to
    UnusedId = "unused-id", Info, quiet;
    /// a flow to which no stage is bound
    FlowWithoutStages = "flow-without-stages", Warning, lint;
    /// a login whose password stage can be left out by accident
    PasswordSkippable = "password-skippable", Warning, lint;
    /// a look-up by a name that is there to be read
    FindByDisplayName = "find-by-display-name", Warning, lint;
    /// a comment that should allow a finding and does nothing
    UselessAllow = "useless-allow", Warning, lint;
    /// an object exists already although its entry says must_created
    MustCreated = "must-created", Error;
    /// an object that is still referred to cannot be deleted
    StillReferenced = "still-referenced", Error;
}
