/** Style of the page: the fonts of the reader's machine, light, fit for printing. */
export const STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#e9edf1;color:#14181d;font:400 13px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:960px;margin:0 auto;background:#fff;padding:40px 56px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}
h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid #c9d0d7;padding-bottom:4px}
h3{font-size:15px;margin:24px 0 4px}
h4{font-size:13.5px;margin:20px 0 2px}
p{margin:6px 0}
.sub,.muted,figcaption,caption,dt,th{color:#434d58}
nav ol{columns:2;margin:8px 0}
a{color:#08666e}
.cite{font-size:11px;text-decoration:none;font-weight:600}
table{border-collapse:collapse;width:100%;margin:8px 0 16px;table-layout:fixed;font-size:11.5px;line-height:1.4}
caption{text-align:left;font-weight:600;padding:4px 0}
th{text-align:left;font-weight:600;border-bottom:1px solid #14181d;padding:3px 6px 3px 0}
td{border-bottom:1px solid #dce1e7;padding:3px 6px 3px 0;vertical-align:top;overflow-wrap:anywhere}
tr:target td{background:#dff0f1}
dl{display:grid;grid-template-columns:110px 1fr;gap:2px 10px;margin:6px 0}
dt{font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
code,pre,.code{font-family:ui-monospace,"Cascadia Mono","JetBrains Mono",Menlo,Consolas,monospace;font-size:11px}
pre{background:#f4f6f8;padding:8px 10px;white-space:pre-wrap;overflow-wrap:anywhere}
blockquote{margin:8px 0;padding:4px 12px;border-left:3px solid #08666e;background:#f4f6f8}
figure{margin:12px 0}
figure svg{width:100%;height:auto}
.level{display:inline-block;white-space:nowrap;padding:0 6px;border-radius:3px;font-size:11px;background:#e9edf1;color:#171c22}
.l4{background:#a10044;color:#fff}.l3{background:#7c4201;color:#fff}.l2{background:#a58606;color:#171c22}.l1{background:#366297;color:#fff}
.blank{margin:40px 0 0;border-top:1px solid #14181d;padding-top:4px;max-width:420px}
footer{margin-top:40px;border-top:1px solid #c9d0d7;padding-top:6px;color:#434d58;font-size:10.5px;overflow-wrap:anywhere}
@media print{body{background:#fff}main{max-width:none;padding:0}h2{break-after:avoid}h3,h4{break-after:avoid}tr,figure{break-inside:avoid}}
`;
