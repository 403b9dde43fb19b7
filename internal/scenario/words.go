package scenario

// families are malware families that nobody has named so.
var families = [...]string{
	"amberjack", "basilisk", "cormorant", "dunlin", "echidna", "fulmar", "gannet", "harrier",
	"ibex", "jackdaw", "kittiwake", "lamprey", "merlin", "nighthawk-demo", "ortolan", "petrel",
	"quagga", "redpoll", "skua", "turnstone", "urchin", "vole", "whimbrel", "xerus",
}

// words make host names.
var words = [...]string{
	"alder", "birch", "cedar", "elm", "fir", "hazel", "juniper", "larch", "maple", "oak",
	"pine", "rowan", "spruce", "willow", "yew", "ash", "beech", "cherry", "holly", "linden",
}

var controlPorts = [...]uint16{1177, 4444, 8080, 6667, 443, 8443, 9999, 2404, 5552, 81}

// shells are paths of web shells, as the scenario's feed lists them.
var shells = [...]string{
	"/demo-shell.php", "/img/upl0ad-x.php", "/xx-panel.aspx", "/cmdrun.jsp", "/tmp/w-agent.php",
	"/inc/cache_old2.php", "/editor/filez.asp", "/bak/db-x.php", "/theme/footer.bak.php", "/js/j-term.jsp",
}

// agents are what browsers of 2014 called themselves.
var agents = [...]string{
	"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/34.0.1847.131 Safari/537.36",
	"Mozilla/5.0 (Windows NT 6.1; rv:28.0) Gecko/20100101 Firefox/28.0",
	"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 7_1 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) Version/7.0 Mobile/11D167 Safari/9537.53",
}

// pages are what ordinary visitors ask a site for.
var pages = [...]string{"/", "/index.php", "/news/", "/style.css", "/js/site.js", "/img/logo.png", "/contact.html", "/article.php?id=17", "/favicon.ico", "/feed.xml"}
