/*
 * How a report looks. Without scripts: the filters are checkboxes that :has()
 * asks. Tiers differ by shape as well as by colour, and their colours (after
 * Okabe and Ito) by lightness as well as by hue. On paper everything is open.
 */
#include "sink/html_page.h"

static const char colours[] =
	":root{--page:#faf9f6;--card:#fff;--ink:#1c2126;--soft:#59636b;--line:#e3e0d8;--code:#f3f1eb;--link:#0b5c94;"
	"--high:#b5320c;--on-high:#fff;--tool:#e3a008;--on-tool:#201600;--review:#1c6ea4;--on-review:#fff}\n"
	"@media (prefers-color-scheme:dark){:root{--page:#131619;--card:#1b1f23;--ink:#e7e4dd;--soft:#9ca6ae;"
	"--line:#30363c;--code:#23282d;--link:#7cbcec;--high:#ff7d57;--on-high:#2a0a00;--tool:#f2bd46;"
	"--on-tool:#241900;--review:#5fb0e6;--on-review:#00192a}}\n";

static const char base[] =
	"*{box-sizing:border-box}\n"
	"html{-webkit-text-size-adjust:100%;scroll-padding-top:4.5rem}\n"
	"body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',"
	"Roboto,'Noto Sans','DejaVu Sans',sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}\n"
	"main,.top,.end{max-width:72rem;margin:0 auto;padding:0 1.5rem}\n"
	"h1,h2,h3,h4{line-height:1.25;margin:0;text-wrap:balance}\n"
	"h1{font-size:2.1rem;font-weight:650;letter-spacing:-.015em}\n"
	"h2{font-size:1.25rem;margin:2.75rem 0 1rem}\n"
	"h3{font-size:1.15rem;font-weight:600}\n"
	"h4{font-size:.78rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);"
	"margin:1.4rem 0 .6rem}\n"
	"a{color:var(--link)}\n"
	":focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
	"code,pre{font:.85em/1.5 ui-monospace,'SF Mono','Cascadia Mono','DejaVu Sans Mono',Menlo,Consolas,monospace}\n"
	"code{background:var(--code);border-radius:3px;padding:.08em .3em;-webkit-box-decoration-break:clone;"
	"box-decoration-break:clone}\n"
	"bdi,pre{overflow-wrap:anywhere}\n"
	"small,caption,.soft,.left,.id,.pid{color:var(--soft)}\n"
	".pid{font-weight:400}time{white-space:nowrap}\n"
	".left{font-size:.9rem}\n"
	".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem "
	"1rem}\n"
	".glyph{flex:none;vertical-align:-.06em;margin-right:.1em}\n"
	"path.high,rect.high{fill:var(--high)}path.tool,rect.tool{fill:var(--tool)}"
	"path.review,rect.review{fill:var(--review)}\n";

static const char top[] =
	".top{padding-top:2.5rem}\n"
	".brand{margin:0 0 .35rem;font-size:.85rem;font-weight:600;letter-spacing:.08em;color:var(--soft)}\n"
	".lede{max-width:46rem;margin:.6rem 0 0;color:var(--soft)}\n"
	".tiles{list-style:none;display:grid;grid-template-columns:repeat(4,1fr);gap:1rem;margin:1.75rem 0 "
	"0;padding:0}\n"
	".tiles li{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--soft);"
	"border-radius:6px;padding:.9rem 1rem 1rem;display:flex;flex-direction:column}\n"
	".tiles .high{border-top-color:var(--high)}.tiles .tool{border-top-color:var(--tool)}"
	".tiles .review{border-top-color:var(--review)}\n"
	".tiles b{font-size:2rem;line-height:1.15;font-weight:650}\n"
	".tiles span{font-weight:600}\n"
	".tiles small{margin-top:.2rem;font-size:.82rem;line-height:1.35}\n"
	".facts{margin:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));"
	"gap:.15rem 2.5rem}\n"
	".facts div{display:grid;grid-template-columns:7.5rem 1fr;gap:.75rem}\n"
	".facts .wide{grid-column:1/-1}\n"
	".facts dt{color:var(--soft)}.facts dd{margin:0}\n"
	".notes{margin:1rem 0 0;padding:0;list-style:none}.notes li{margin:.25rem 0}\n"
	".timeline{margin:0;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:1rem "
	"1.25rem}\n"
	".timeline>svg{display:block;font-size:12px;overflow:hidden}\n"
	".tick{stroke:var(--line)}.lane{stroke:var(--line);stroke-width:1}\n"
	".axis{fill:var(--soft)}.date{font-weight:600}.name{fill:var(--ink);font-weight:600;font-size:13px}\n"
	".timeline rect{opacity:.45}.timeline a path{stroke:var(--card);stroke-width:1}"
	".timeline a:hover path,.timeline a:focus-visible path{stroke:var(--ink);stroke-width:1.5}\n"
	"figcaption{margin-top:.75rem;font-size:.85rem;color:var(--soft)}figcaption span{white-space:nowrap;"
	"margin-right:1.25rem;color:var(--ink)}\n";

static const char filters[] =
	".filters{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.4rem 2rem;background:var(--page);"
	"border-bottom:1px solid var(--line);padding:.6rem 0;margin-bottom:1.25rem;max-height:40vh;overflow:auto}\n"
	"fieldset{border:0;margin:0;padding:0;min-width:0;display:flex;flex-wrap:wrap;align-items:center;gap:.3rem "
	".9rem;"
	"font-size:.92rem}\n"
	"legend{float:left;padding:0;margin-right:.2rem;color:var(--soft)}\n"
	"label{display:inline-flex;align-items:center;gap:.35rem;cursor:pointer}\n"
	"input{accent-color:var(--link);margin:0;width:1rem;height:1rem}\n"
	"body:has(#show-high:not(:checked)) .f-high,body:has(#show-tool:not(:checked)) .f-tool,"
	"body:has(#show-review:not(:checked)) .f-review{display:none}\n";

static const char card[] =
	".card{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--soft);border-radius:6px;"
	"padding:1.25rem 1.5rem;margin:0 0 1.25rem}\n"
	".f-high.card{border-left-color:var(--high)}.f-tool.card{border-left-color:var(--tool)}"
	".f-review.card{border-left-color:var(--review)}\n"
	".card:target{outline:3px solid var(--link);outline-offset:2px}\n"
	".card header{display:flex;justify-content:space-between;gap:1.5rem}\n"
	".what{min-width:0}\n"
	".meta{margin:0 0 .5rem;display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .9rem;font-size:.88rem;"
	"color:var(--soft)}\n"
	".host{font-weight:600;color:var(--ink)}\n"
	".badge{display:inline-flex;align-items:center;gap:.35rem;border-radius:3px;padding:.05rem "
	".5rem;font-weight:600}\n"
	".badge.high{background:var(--high);color:var(--on-high)}.badge.tool{background:var(--tool);"
	"color:var(--on-tool)}.badge.review{background:var(--review);color:var(--on-review)}\n"
	".badge .glyph path{fill:currentColor}\n"
	".score{margin:0;text-align:right;display:flex;flex-direction:column;font-size:.8rem;line-height:1.35;"
	"color:var(--soft);white-space:nowrap}\n"
	".score b{font-size:2rem;line-height:1;font-weight:650;color:var(--ink)}\n"
	".reasons{margin:.6rem 0 0;padding-left:1.1rem}.reasons li::marker{color:var(--soft)}\n"
	".chip{display:inline-block;border:1px solid var(--line);border-radius:3px;padding:0 .4em;font-size:.8em;"
	"font-weight:400;color:var(--soft);white-space:nowrap}\n"
	".id{margin:1rem 0 0;font-size:.8rem}\n";

static const char lists[] =
	".steps{list-style:none;margin:0;padding:0}\n"
	".steps li{position:relative;display:grid;grid-template-columns:6.5rem 9.25rem 1fr;gap:.1rem .75rem;"
	"padding:.2rem 0 .2rem 1.4rem}\n"
	".steps li::before{content:'';position:absolute;left:.27rem;top:0;bottom:0;border-left:2px solid var(--line)}\n"
	".steps li:first-child::before{top:.85rem}.steps li:last-child::before{bottom:calc(100% - .85rem)}\n"
	".steps li::after{content:'';position:absolute;left:0;top:.55rem;width:.68rem;height:.68rem;border-radius:50%;"
	"border:2px solid var(--soft);background:var(--card)}\n"
	".steps .found::after{background:var(--ink);border-color:var(--ink)}\n"
	".at{color:var(--soft);font-size:.9rem}.kind{font-weight:600}.times{color:var(--soft)}\n"
	"details.more{margin-top:1rem}\n"
	"summary{cursor:pointer;font-weight:600;padding:.15rem 0}\n"
	"table{border-collapse:collapse;width:100%;margin:.75rem 0 0;font-size:.9rem}\n"
	"section>details>table{max-width:46rem}\n"
	"caption{text-align:left;font-size:.85rem;padding-bottom:.4rem}\n"
	"th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-top:1px solid var(--line)}\n"
	"thead th{border-top:0;font-size:.8rem;font-weight:600;color:var(--soft)}\n"
	"tbody th{font-weight:500}\n"
	".number{text-align:right}\n"
	".findings tbody th{white-space:nowrap}.findings td:nth-child(2){min-width:11rem}"
	".findings td:nth-child(3){min-width:5.5rem}.findings td:nth-child(5){min-width:14rem}"
	".findings td:nth-child(6){min-width:13rem}\n"
	"tr.raw td{border-top:0;padding-top:0}\n"
	"pre{margin:.4rem 0;padding:.75rem 1rem;background:var(--code);border-radius:4px;white-space:pre-wrap;"
	"overflow-wrap:anywhere}\n"
	"tr:target th,tr:target td{background:var(--code)}\n"
	".end{padding:2rem 1.5rem 3rem;font-size:.88rem;color:var(--soft)}\n";

static const char narrow[] =
	"@media screen and (max-width:46rem){main,.top,.end{padding-left:1rem;padding-right:1rem}\n"
	"h1{font-size:1.6rem}.tiles{grid-template-columns:1fr 1fr;gap:.75rem}\n"
	".filters{position:static;max-height:none}.spared{display:none}\n"
	".card{padding:1rem}.card header{flex-direction:column;gap:.6rem}\n"
	".score{flex-direction:row;align-items:baseline;gap:.5rem;text-align:left}.score b{font-size:1.5rem}\n"
	".facts div{grid-template-columns:6.5rem 1fr}\n"
	".steps li{grid-template-columns:auto 1fr}.deed{grid-column:1/-1}\n"
	"table,tbody,tr,th,td,caption{display:block}thead{position:absolute;left:-99rem}\n"
	"tr{border-top:1px solid var(--line);padding:.5rem 0}\n"
	"th,td{border:0;padding:.1rem 0}.findings tbody th{white-space:normal}.number{text-align:left}\n"
	"td[data-is]:not(:empty)::before{content:attr(data-is) ': ';color:var(--soft)}}\n";

static const char paper[] =
	"@page{margin:15mm 14mm;@bottom-right{content:counter(page) ' / ' counter(pages);font:9pt sans-serif}}\n"
	"@media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#f2f2f2;--link:#000;"
	"--high:#b5320c;--on-high:#fff;--tool:#e3a008;--on-tool:#201600;--review:#1c6ea4;--on-review:#fff}\n"
	"body{font-size:9.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}\n"
	"main,.top,.end{max-width:none;padding:0}.filters,.skip{display:none}a{text-decoration:none}\n"
	"h1{font-size:20pt}h2,h3,h4,summary{break-after:avoid}.tiles li,.steps li,tr,.card header{break-inside:avoid}\n"
	".card{padding:10pt 12pt}.timeline{break-inside:avoid}\n"
	"summary{list-style:none}details::details-content{display:block;content-visibility:visible;height:auto}}\n";

void html_put_style(struct buffer *to, const struct html_page *page)
{
	static const char *const parts[] = { colours, base, top, filters, card, lists, narrow, paper };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		buffer_text(to, parts[i]);
	for (size_t i = 0; i < page->host_count; i++)
		buffer_printf(to, "body:has(#host-%zu:checked) .f:not(.h-%zu){display:none}\n", i, i);
}
