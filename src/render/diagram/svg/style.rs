//! The colours of drawings, by day and by night: every text stands out from its ground by 4.5 to 1 at least, every line by
//! 3 to 1.

/// How many layers have colours of their own.
const LAYERS: usize = 6;

pub(super) const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif;fill:#1f2937}\
.title{font-size:16px;font-weight:600}.name{font-size:13px;font-weight:600}\
.heading,.place{font-size:11px;fill:#4b5563}.fact,.label{font-size:11px;fill:#374151}\
.remark{font-size:11px;font-weight:600;fill:#b91c1c}.page,.back{fill:#fff}.back{fill-opacity:.85}\
.line{fill:none;stroke:#64748b;stroke-width:1.4}.tip{fill:#64748b}.dashed{stroke-dasharray:5 4}\
.box{fill:#fff;stroke-width:1.4}.stage{fill:#f8fafc}.flow{fill:#eff6ff;stroke-width:2.4}.conditions{fill:#fffbeb}\
.l0{stroke:#64748b;color:#64748b}.l1{stroke:#2563eb;color:#2563eb}.l2{stroke:#0f766e;color:#0f766e}\
.l3{stroke:#7c3aed;color:#7c3aed}.l4{stroke:#be185d;color:#be185d}.l5{stroke:#a16207;color:#a16207}\
.bar{fill:currentColor;stroke:none}.aside{stroke-dasharray:5 4}.absent{stroke-dasharray:2 3}\
.left-out{stroke:#b45309}.broken{stroke:#b91c1c}.done{fill:#334155;stroke:#334155}.end text{fill:#fff}\
@media(prefers-color-scheme:dark){text{fill:#f1f5f9}.heading,.place{fill:#a8b3c4}.fact,.label{fill:#d5dce6}\
.remark{fill:#fca5a5}.page,.back{fill:#0f172a}.line{stroke:#94a3b8}.tip{fill:#94a3b8}\
.box{fill:#1e293b}.stage{fill:#1e293b}.flow{fill:#172554}.conditions{fill:#3b2a0a}\
.l0{stroke:#94a3b8;color:#94a3b8}.l1{stroke:#60a5fa;color:#60a5fa}.l2{stroke:#2dd4bf;color:#2dd4bf}\
.l3{stroke:#a78bfa;color:#a78bfa}.l4{stroke:#f472b6;color:#f472b6}.l5{stroke:#fbbf24;color:#fbbf24}.bar{stroke:none}\
.left-out{stroke:#fb923c}.broken{stroke:#f87171}.done{fill:#cbd5e1;stroke:#cbd5e1}.end text{fill:#0f172a}}";

/// The class of a layer, counted from the shipped set up; then again from the second.
pub(super) fn layer_class(layer: Option<usize>) -> String {
    let at = match layer {
        None | Some(0) => 0,
        Some(layer) => 1 + (layer - 1) % (LAYERS - 1),
    };
    format!("l{at}")
}
