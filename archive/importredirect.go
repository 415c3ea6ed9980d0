package archive

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/dossier-archive/dossier"
)

// An answer that leads to the address of a record makes its own address another name of that,
// as it does in a crawl.

func isRedirect(page *dossier.Snapshot) bool {
	switch page.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// openRedirect makes ready an answer that leads to another address.
func (j *importJob) openRedirect(f *foreign, page *dossier.Snapshot) (reason string) {
	target := ""
	if base, err := url.Parse(page.FinalURL); err == nil {
		if to, err := base.Parse(page.Header.Get("Location")); err == nil {
			_, _, target, err = j.Place(to.String())
			if err != nil {
				target = ""
			}
		}
	}
	if reason = j.openBare(f, page.Status); reason != "" || target == "" || target == f.key {
		return otherStatus(page.Status)
	}
	f.target = target
	return ""
}

// otherStatus is why an answer is passed over that is no page.
func otherStatus(status int) string { return fmt.Sprintf("the server answered %d", status) }

// maxSteps is how many redirects one after the other are followed, as in a crawl.
const maxSteps = 10

// putRedirect gives the record at the address that one leads to that one as another name.
func (j *importJob) putRedirect(f *foreign, out *stored) error {
	c := f.commit
	own, err := c.address(f.key)
	if err != nil {
		return err
	}
	var to knownAddress
	for key, n := f.target, 0; to.record == 0 && key != "" && n < maxSteps; n++ {
		if to, err = c.address(key); err != nil {
			return err
		}
		key = j.leads[key]
	}
	known := own.record != 0 && (own.record != to.record || own.reason != dossier.ReasonRedirect)
	if known || to.record == 0 || to.site != f.site {
		f.reason = otherStatus(c.v.HTTP)
		out.passed = append(out.passed, f)
		return nil
	}
	out.Aliases++
	return c.named(to.record, alias{site: f.site, url: c.v.Task.URL, key: f.key, reason: string(dossier.ReasonRedirect), first: c.v.At, last: c.v.At})
}
