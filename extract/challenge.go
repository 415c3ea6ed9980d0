package extract

import (
	"regexp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxCheck is up to how many columns a page may show that is nothing but the
// script of a check against robots.
const maxCheck = 200

var (
	// checkMark is what scripts of such checks are known by: cookies, parameters and
	// addresses of 加速乐, Alibaba, Imperva, 云锁, 网站卫士, Sucuri, Cloudflare, DataDome,
	// HUMAN, 瑞数, AWS, Anubis and free hosting.
	checkMark = regexp.MustCompile(`__jsl_clearance|acw_sc__v|_Incapsula_Resource|security_verify_data|YunSuoAutoJump|wzwschallenge|WZWSRELw|sucuri_cloudproxy|_cf_chl_opt|captcha-delivery\.com|px-captcha|slowAES|FSSBBIl1UgzbN7N|\$_ts\b|awswaf|AwsWafIntegration|anubis_challenge|/\.within\.website/`)
	// setsCookie and loadsAgain are what such a script does.
	setsCookie = regexp.MustCompile(`document\.cookie\s*=`)
	loadsAgain = regexp.MustCompile(`location\.reload\(|location(?:\.href)?\s*=\s*(?:window\.|document\.)*location\.|location\.replace\((?:window\.|document\.)*location\.`)
)

// alerts are what the scripts of a page say in a window of their own, as old sites do of
// what is no more.
func (p *Page) alerts() string {
	said := ""
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Script && n.FirstChild != nil {
			for _, g := range alert.FindAllStringSubmatch(n.FirstChild.Data, -1) {
				said += "\n" + g[1]
			}
		}
	})
	return said
}

var alert = regexp.MustCompile(`\balert\(\s*["']([^"']{2,100})["']\s*\)`)

// isScriptCheck recognises checks against robots that say nothing to people: a
// script known by its marks, or one that sets a cookie and loads the very page again.
func (p *Page) isScriptCheck(shown int) bool {
	if shown > maxCheck {
		return false
	}
	found := false
	eachElement(p.Root, func(n *html.Node) {
		found = found || (n.DataAtom == atom.Script || n.DataAtom == atom.Meta) && attrOf(n, "r") == "m" // 瑞数
		if found || n.DataAtom != atom.Script && n.DataAtom != atom.Iframe {
			return
		}
		script := attrOf(n, "src")
		if n.FirstChild != nil {
			script += "\n" + n.FirstChild.Data
		}
		found = checkMark.MatchString(script) || shown < minShown && setsCookie.MatchString(script) && loadsAgain.MatchString(script)
	})
	return found
}
