// Package dossier is the vocabulary of the program: the nouns that its
// packages hand to each other. It imports the standard library only, so that
// everything may import it.
//
// Data flows one way:
//
//	Site -> Task -> Snapshot -> Article -> Record -> export
package dossier

import (
	"net/http"
	"regexp"
	"time"
)

// A Site is a source of news and how to read it. The configuration makes it;
// nothing changes it afterwards, so it may be shared.
type Site struct {
	ID    string // short, stable, unique
	Name  string
	Start []string // list pages, feeds, sitemaps or a home page

	Follow   []*regexp.Regexp // addresses of pages that lead to articles; none: found automatically
	Articles []*regexp.Regexp // addresses of articles; none: found automatically
	Exclude  []*regexp.Regexp // addresses that are never asked

	Delay    time.Duration  // least time between the end of one answer of a host and the next request to it
	Parallel int            // requests to one host at a time, at least 1
	MaxPages int            // requests of one run; 0: no limit
	Timezone *time.Location // zone of dates that carry none
	Schedule string         // cron spec, "" when the site is only crawled by hand
	Robots   RobotsPolicy

	Rules Rules
}

// RobotsPolicy says what robots.txt means for a site.
type RobotsPolicy string

const (
	RobotsObey   RobotsPolicy = "obey"
	RobotsIgnore RobotsPolicy = "ignore"
)

// Rules replace automatic reading of a page, field by field. The zero value
// reads everything automatically.
type Rules struct {
	Title, Date, Author, Source, Body FieldRule

	Remove   []string       // CSS selectors of parts that are taken out before anything is read
	Timezone *time.Location // zone of dates that carry none; nil: such dates are written without zone
}

// A FieldRule says where one field stands. The zero value means "find it".
type FieldRule struct {
	Selector string         // CSS; "" searches the text of the whole page
	Match    *regexp.Regexp // the first group, or the whole match, is the value; nil: all of the text
	Layout   string         // of a date, in the notation of package time; "" reads any known form
}

// IsZero reports whether the rule says nothing.
func (r FieldRule) IsZero() bool {
	return r.Selector == "" && r.Match == nil && r.Layout == ""
}

// A Task is one address that a run has leased from the frontier.
type Task struct {
	ID       int64
	Run      int64
	Site     string // its id
	Key      string // equal for addresses that are the same page
	URL      string
	Host     string // host and port
	Kind     Kind
	Depth    int    // steps from a start address
	Attempts int    // earlier attempts of this run
	Chain    string // the list that a page of a list continues
	Stale    int    // pages of the chain before this one that brought nothing unseen
	Digest   string // of the links of the page before this one in the chain
	Listed   int64  // the run that last read it, or a page before it in the chain, as a list; 0: none has
	Rising   bool   // a list whose first page shows its oldest articles
	Ended    bool   // when it was read last, it led to further pages and brought nothing unseen
	Homeward bool   // when it was read last, it led to the home page
	Archived bool   // it has a record
	Gone     bool   // which is marked as gone
	Parts    int    // of its record: len(Article.Parts)
	Cut      bool   // of its record: Article.Continued is set
	Aside    bool   // no page that leads to it was read for that: it is not asked
	Witness  Witness

	// Canonical is set on the second lease of a page that named another address
	// as its own: that address was to be asked first.
	Canonical string

	// Of the last capture, for a conditional request; empty when there is none.
	ETag, LastModified string
}

// Kind is what an address is expected to be.
type Kind string

const (
	KindStart   Kind = "start"   // given by the configuration
	KindList    Kind = "list"    // leads to articles
	KindArticle Kind = "article" // stated by the configuration, a feed, or archived before
	KindMaybe   Kind = "maybe"   // could be an article or a list; its content decides
	KindFeed    Kind = "feed"    // RSS, Atom or JSON feed
	KindSitemap Kind = "sitemap" // sitemap or sitemap index
)

// A Witness is what the place that led to an address says of the article there.
type Witness struct {
	Title string
	Date  string // as the row, feed or sitemap writes it, normalised like Article.Date
}

// A Link is an address found on a page, ready for the frontier.
type Link struct {
	URL     string // absolute, without fragment and tracking parameters
	Raw     string // with them, as the page has it; "" without any
	Key     string // equal for addresses that are the same page
	Host    string // host and port, the unit of politeness
	Kind    Kind
	Depth   int
	Chain   string
	Stale   int
	Digest  string
	Listed  int64 // Task.Listed of the page that leads to it in a chain
	Witness Witness
	OnShow  bool // listed by a start page: perhaps asked again at the next run
	Refused bool // not to be asked: its outcome only says why, and comes after all others
	Aside   bool // a link that the page is not read for: likewise, and no more than that is known of it

	Modified time.Time // when the sitemap says that the page last changed; zero: it does not
}

// A Visit is what one attempt at a task brought. The archive stores it in one
// transaction: outcome, capture, record and the links that were found.
type Visit struct {
	Task     Task
	At       time.Time // when the attempt ended, UTC
	Outcome  Outcome   // for an article the archive refines it to new, changed, unchanged or duplicate
	Kind     Kind      // what the address turned out to be; "" leaves it as it was
	HTTP     int       // status of the last answer; 0: there was none
	Snapshot *Snapshot // nil: nothing to keep
	FinalKey string    // Link.Key of the address that answered, "" when nothing did
	Article  *Article  // nil: not read as an article
	Rising   bool      // of a list: its rows begin with the oldest
	Links    []Link
	RetryAt  time.Time // with StatusRetry: not before

	// The key of the address that the page names as its own: with StatusRetry it is asked
	// first, otherwise it is one of the record's.
	Canonical string

	// Of the answer, for the next conditional request.
	ETag, LastModified string

	Requests int   // made for this attempt, redirects and robots.txt included
	Bytes    int64 // decoded bytes received
}

// A RobotsFile is the last answer of one origin to a request for robots.txt.
type RobotsFile struct {
	Origin    string // scheme://host[:port]
	Status    int    // HTTP status after redirects; 0: no answer
	Body      []byte
	FetchedAt time.Time // UTC
}

// A Snapshot is one capture of one address: the answer as it came.
type Snapshot struct {
	URL       string    // address asked for
	FinalURL  string    // address that answered, after redirects
	FetchedAt time.Time // when the answer was complete, UTC
	Status    int
	Proto     string      // HTTP/1.1
	Request   http.Header // headers sent with the last request
	Header    http.Header // headers of the answer
	Head      []byte      // status line and headers of the answer as they came, with the empty line; nil: not known
	Body      []byte      // after transfer and content decoding, before charset decoding

	// Parts are further answers that the text of the page stands in, in its order: the
	// document of a frame, and the further pages of an article. They have none themselves.
	Parts []Snapshot
}

// An Article is what was read from a snapshot.
type Article struct {
	Title string `json:"title"`
	// Date is the publication date as the page shows it,
	// 2018-01-19T10:46:00+08:00 or 2018-01-19, "" when it shows none.
	Date string `json:"date"`
	// Author and Source are nil when the page has no such field and "" when it
	// prints the label and leaves it empty.
	Author   *string `json:"author"`
	Source   *string `json:"source"`
	Body     string  `json:"body"`     // one block a line, rows of tables with tabs
	Language string  `json:"language"` // BCP 47, "" when unknown

	Editor      *string      `json:"editor,omitempty"`
	Canonical   string       `json:"canonical,omitempty"` // address that the page itself names as its own, absolute
	Section     string       `json:"section,omitempty"`
	Keywords    []string     `json:"keywords,omitempty"`
	Image       string       `json:"image,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Parts       []string     `json:"parts,omitempty"`     // addresses of the further pages and frames that the text stands in, archived with the page; absolute
	Continued   string       `json:"continued,omitempty"` // address of the next page of the text, which is not archived; absolute

	// Evidence says for each field where its value came from. The keys are
	// title, date, author, source and body.
	Evidence map[string]Evidence `json:"evidence,omitempty"`
}

// SameContent reports whether the five fields that make a version are equal.
func (a Article) SameContent(b Article) bool {
	return a.Title == b.Title && a.Date == b.Date && a.Body == b.Body && sameField(a.Author, b.Author) && sameField(a.Source, b.Source)
}

func sameField(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// An Attachment is a file that the article links to.
type Attachment struct {
	URL  string `json:"url"`
	Text string `json:"text"`
}

// Evidence says where the value of a field came from.
type Evidence struct {
	Rule     string      `json:"rule"`  // name of the rule that won
	Raw      string      `json:"raw"`   // text that it read
	Score    float64     `json:"score"` // 0 to 1
	Rejected []Candidate `json:"rejected,omitempty"`
}

// A Candidate is a value that another was preferred to.
type Candidate struct {
	Rule  string  `json:"rule"`
	Value string  `json:"value"`
	Score float64 `json:"score"`
}

// An Outcome is how one attempt at one address ended.
type Outcome struct {
	Status Status `json:"status"`
	Reason Reason `json:"reason,omitempty"` // "" when Status says it all
	Detail string `json:"detail,omitempty"` // a sentence for people
	Record string `json:"record,omitempty"` // id of the record that it belongs to
}

// Status is the class of an outcome.
type Status string

const (
	StatusNew       Status = "new"       // a record that was not there before
	StatusChanged   Status = "changed"   // a record has a new version
	StatusUnchanged Status = "unchanged" // a record was confirmed
	StatusDuplicate Status = "duplicate" // another address of an article that is archived
	StatusListed    Status = "listed"    // a page that leads to articles was read
	StatusGone      Status = "gone"      // an address that no longer has its page
	StatusSkipped   Status = "skipped"   // not an article, or not to be asked
	StatusFailed    Status = "failed"    // could not be fetched or read
	StatusRetry     Status = "retry"     // failed for now; the frontier asks again
)

// A Run is one crawl of one site.
type Run struct {
	ID       int64     `json:"id"`
	Site     string    `json:"site"`
	Kind     RunKind   `json:"kind"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended,omitzero"`
	State    RunState  `json:"state"`
	Requests int       `json:"requests"` // page requests, robots.txt and retries included
	Bytes    int64     `json:"bytes"`    // decoded bytes received

	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Duplicate int `json:"duplicates"`
	Listed    int `json:"listed"`
	Gone      int `json:"gone"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"`

	Reasons  map[Reason]int `json:"reasons,omitempty"`   // how often each reason was given
	FailedBy map[Reason]int `json:"failed_by,omitempty"` // and how often for a page that failed
	Error    string         `json:"error,omitempty"`     // what stopped the run, or left something for the next
}

// RunKind is what made a run.
type RunKind string

const (
	RunCrawl  RunKind = "crawl"
	RunImport RunKind = "import" // of pages that another crawler has fetched
)

// RunState is where a run stands.
type RunState string

const (
	RunRunning     RunState = "running"
	RunFinished    RunState = "finished"
	RunInterrupted RunState = "interrupted" // the next run goes on where it stopped
	RunFailed      RunState = "failed"
)

// Count adds an outcome to the counters of the run.
func (r *Run) Count(o Outcome) {
	switch o.Status {
	case StatusNew:
		r.New++
	case StatusChanged:
		r.Changed++
	case StatusUnchanged:
		r.Unchanged++
	case StatusDuplicate:
		r.Duplicate++
	case StatusListed:
		r.Listed++
	case StatusGone:
		r.Gone++
	case StatusSkipped:
		r.Skipped++
	case StatusFailed:
		r.Failed++
	}
	r.CountReason(o.Status, o.Reason, 1)
}

// CountReason adds n outcomes with a reason to those that were counted.
func (r *Run) CountReason(s Status, reason Reason, n int) {
	if reason == "" {
		return
	}
	if r.Reasons == nil {
		r.Reasons, r.FailedBy = map[Reason]int{}, map[Reason]int{}
	}
	r.Reasons[reason] += n
	if s == StatusFailed {
		r.FailedBy[reason] += n
	}
}

// Seen counts the articles that the run has found or confirmed.
func (r *Run) Seen() int { return r.New + r.Changed + r.Unchanged }

// A Record is an archived article with its identity.
type Record struct {
	ID        string    // stable for ever; a letter first, never looks like a number
	Site      string    // id of the site
	URL       string    // address as published, after redirects
	Article             // of the current version
	FirstSeen time.Time // UTC
	LastSeen  time.Time // UTC
	Changed   time.Time // when the current version was archived, UTC
	Gone      time.Time // when the address was confirmed to have lost its page; zero: it has it
	Version   int       // 1 for the first content
	SHA256    string    // of the current content, hex
	Origin    string    // of the page that it was read from: crawl or import; reread when that is not known
	Aliases   []Alias   // other addresses of the same article; nil unless asked for
}

// An Alias is another address of a record.
type Alias struct {
	URL       string    `json:"url"`
	Site      string    `json:"site"`
	Reason    Reason    `json:"reason"` // redirect, canonical or repost
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// A Similar is a record whose text is much like another's. The two stay apart:
// a bulletin that differs in one figure is an article of its own.
type Similar struct {
	ID    string  `json:"id"`
	Site  string  `json:"site"`
	URL   string  `json:"url"`
	Title string  `json:"title"`
	Date  string  `json:"date"`
	Score float64 `json:"score"` // share of the word groups that both have, 0.6 to 1
}

// A Version is one state of the content of a record.
type Version struct {
	Record  string
	Number  int // from 1
	Article Article
	SHA256  string // of the content, hex
	Created time.Time
	Origin  string // crawl, reread (a stored page read again) or import
	Page    int64  // the capture that it was read from; 0: none is kept
}
