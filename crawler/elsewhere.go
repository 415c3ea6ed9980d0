package crawler

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// errorPath finds addresses that are named as pages of errors: /404.html,
// /error/, PageNotFound.aspx, ?aspxerrorpath=/news/1.html.
var errorPath = regexp.MustCompile(`(?i)(/(40[0-9]|err|errors?|error[-_]?(page|\d{3}|code|info|msg)|\d{3}[-_]?error|404[-_]?(page|not[-_]?found)|not[-_]?found|no[-_]?page|missing|sorry|oops|expired|forbidden|denied|cuowu)(\.\w{2,5})?(/|\?|$)|/[^/]*(page[-_]?not[-_]?found|not[-_]?found[-_]?page|error[-_]?page)[^/]*$|[?&]aspxerrorpath=)`)

// troublePath finds addresses whose name says that the site is out of order, and nothing of the page
// that was asked for: /maintenance.html, /503.html.
var troublePath = regexp.MustCompile(`(?i)/(50[0-9]|maintenance|under[-_]?(maintenance|construction)|weihu|busy|overload|unavailable)(\.\w{2,5})?(/|\?|$)`)

// checkPath finds addresses where a reader has to show that he is no robot: /captcha, /yanzheng_ip.php.
var checkPath = regexp.MustCompile(`(?i)/(captcha|yanzheng|challenge|waf|[^/]*[-_](yanzheng(_ip|ma)?|captcha)|anti[-_]?(bot|spider|crawler)|(robot|human|browser)[-_]?(check|verification|verify)|verify[-_]?(ip|human|robot|client|visitor|browser))(\.\w{2,5})?(/|\?|$)`)

// elsewhere recognises an address that a reader is sent to instead of a page
// that is no more: the home page, a page of errors, a list of the site; or while the
// site is out of order or looks for robots. Only
// what leads to articles itself may lead to another list, and a start address to the home page
// if it has always done so.
func (c *Crawler) elsewhere(ctx context.Context, v *visit, at Address) (dossier.Outcome, bool, error) {
	o := dossier.Outcome{Status: dossier.StatusGone, Detail: "sent on to " + at.URL}
	asked, err := v.resolve(v.task.URL)
	if err != nil || asked.Key == at.Key {
		return o, false, nil
	}
	if o, bad := kept(asked, at); bad {
		return o, true, nil
	}
	if v.task.Kind == dossier.KindStart {
		o.Status, o.Reason = dossier.StatusFailed, dossier.ReasonRedirectHome
		o.Detail += ", which it was not before; has the list moved?"
		return o, v.task.Listed > 0 && v.isSentHome(at) && !v.task.Homeward, nil
	}
	switch {
	case v.isSentHome(at):
		o.Reason = dossier.ReasonRedirectHome
		return o, true, nil
	case v.isList() || plain(asked) == plain(at):
		return o, false, nil
	case errorPath.MatchString(at.Path) && !errorPath.MatchString(asked.Path):
		o.Reason = dossier.ReasonRedirectError
		return o, true, nil
	}
	leads, err := c.store.Leads(ctx, v.site.ID, at.Key)
	if err != nil {
		return o, false, fmt.Errorf("what %s leads to: %w", at.URL, err)
	}
	o.Reason = dossier.ReasonRedirectList
	if v.isGuess() {
		o.Status, o.Reason = dossier.StatusSkipped, dossier.ReasonRedirect // a section by another name
	}
	return o, leads, nil
}

// kept is the outcome of a page whose reader is sent on to where the site keeps all of them for a while.
func kept(asked, at Address) (dossier.Outcome, bool) {
	o := dossier.Outcome{Status: dossier.StatusFailed, Detail: "sent on to " + at.URL}
	switch {
	case checkPath.MatchString(at.Path) && !checkPath.MatchString(asked.Path):
		o.Reason, o.Detail = dossier.ReasonChallenge, o.Detail+", a check against robots by its name"
	case troublePath.MatchString(at.Path) && !troublePath.MatchString(asked.Path):
		o.Reason = dossier.ReasonRedirectError
	default:
		return o, false
	}
	return o, true
}

// isSentToLogin reports whether a reader is sent on to an address where he has to say who he is.
func (v *visit) isSentToLogin(at Address) bool {
	asked, err := v.resolve(v.task.URL)
	return err == nil && loginPath.MatchString(at.Path) && !loginPath.MatchString(asked.Path)
}

// isSentHome reports whether a task that is none of the home page was answered with that.
func (v *visit) isSentHome(at Address) bool {
	asked, err := v.resolve(v.task.URL)
	return err == nil && isHome(at) && !isHome(asked)
}

// isHome reports whether an address is that of a home page, also of one that is told from
// where or why its reader comes.
func isHome(a Address) bool {
	_, query, asks := strings.Cut(a.Path, "?")
	return homePath.MatchString(a.File()) && (!asks || comesFrom.MatchString("&"+query))
}

// comesFrom finds queries that select no page.
var comesFrom = regexp.MustCompile(`(?i)^(?:&(?:from|ref|refer|referer|referrer|source|src|err|error|errors?_?code|code|status|msg|message|reason|404|not-?_?found|redirect(?:ed)?(?:_?from)?|return(?:_?url)?|back|old|lang|language|locale|aspxerrorpath)(?:=[^&]*)?)*&?$`)

// isGuess reports whether nothing but its looks says that an address leads to an article or
// to a list, as with the entries of a menu.
func (v *visit) isGuess() bool {
	return v.task.Kind == dossier.KindMaybe && v.task.Witness == dossier.Witness{}
}

// misdirected recognises answers that say 200 and are not the page that was
// asked for: a text that says "not found", one that asks to come back later, a
// check for robots, a login. That the entry of a menu leads to a login is no fault.
func (v *visit) misdirected(page *extract.Page) (dossier.Outcome, bool) {
	kind := page.Kind()
	row := v.task.Witness
	if kind.IsExcuse() && (page.IsUnder(row.Title) || kind != extract.KindChallenge && page.IsAnnouncedOn(row.Title, row.Date)) {
		return dossier.Outcome{}, false
	}
	if kind == extract.KindLogin {
		return v.login(loginBefore), true
	}
	return Excuse(kind)
}

const loginBefore = "a login stands before the page"

// Excuse gives the outcome of a page whose kind says that it is not the one that was asked for.
func Excuse(kind extract.PageKind) (dossier.Outcome, bool) {
	o := dossier.Outcome{Status: dossier.StatusFailed}
	switch kind {
	case extract.KindNotFound:
		o.Status, o.Reason, o.Detail = dossier.StatusGone, dossier.ReasonNotFoundText, "the page says that it does not exist"
	case extract.KindFault:
		o.Reason, o.Detail = dossier.ReasonErrorText, "the page says that the site is out of order"
	case extract.KindChallenge:
		o.Reason, o.Detail = dossier.ReasonChallenge, "a check against robots stands before the page"
	case extract.KindLogin:
		o.Reason, o.Detail = dossier.ReasonLogin, loginBefore
	default:
		return dossier.Outcome{}, false
	}
	return o, true
}

func (v *visit) login(detail string) dossier.Outcome {
	o := dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonLogin, Detail: detail}
	if v.isGuess() {
		o.Status = dossier.StatusSkipped
	}
	return o
}
