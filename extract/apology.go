package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What pages say instead of what was asked for, in small letters. The phrases
// count in titles and headings, and in the text of pages with little text.
var (
	notFoundPhrases = []string{
		"404", "not found", "page not found", "does not exist", "doesn't exist", "no longer available", "no longer exists", "cannot be found", "can't be found", "could not be found",
		"couldn't be found", "article has been deleted", "item has been deleted", "content has been deleted", "deleted or is under review", "nothing was found at this", "could not find what you", "couldn't find what you", "couldn't find the page", "could not find that page", "couldn't find that page", "page you were looking for", "link is broken", "article not found", "has been archived and is not available", "notice has expired", "no record found", "no records found", "could not find the page", "can't find the page", "cannot find the page", "has been removed",
		"页面不存在", "找不到", "信息已过期", "已被撤回或删除", "此則消息已下架", "查無資料", "查無此筆", "页面未找到", "您访问的页面", "您访问的网页", "您查看的页面", "您请求的页面", "您要查看的", "没有找到相关", "没有找到您", "可能已经下线", "内容已下线", "信息已下线", "内容已下架", "信息已下架", "发布者删除", "已被管理员删除", "已经被删除", "已经删除", "该页无法显示", "无法找到", "页面丢失", "不存在或者已经被", "页面走丢", "已被删除", "已删除或不存在", "删除或正在审核", "尚未通过审核", "信息已删除", "文章已删除", "内容已删除", "网页不存在",
		"信息不存在", "文章不存在", "内容不存在", "栏目不存在", "链接已失效", "链接不存在", "頁面不存在", "找不到頁面", "網頁不存在", "已被刪除", "seite nicht gefunden", "nicht gefunden", "existiert nicht", "nicht mehr verfügbar",
		"page introuvable", "n'existe pas", "pas d'article à cette adresse", "página no encontrada", "no se encontró", "no existe", "ya no está disponible", "página não encontrada", "não encontrada", "não existe", "pagina non trovata",
		"страница не найдена", "материал снят с публикации", "элемент не найден", "не найдена", "не существует", "сторінку не знайдено", "не знайдено", "не існує", "ページが見つかりません", "見つかりませんでした", "ページは存在しません", "掲載は終了しました", "페이지를 찾을 수 없", "존재하지 않는", "الصفحة غير موجودة",
		"غير موجودة", "không tìm thấy", "không tồn tại", "tidak ditemukan", "ไม่พบหน้า", "ไม่พบข้อมูล",
	}
	faultPhrases = []string{
		"system error", "server error", "runtime error", "application error", "database error", "error occurred", "error has occurred", "something went wrong", "internal error", "unexpected error",
		"service unavailable", "temporarily unavailable", "temporarily down", "currently unavailable", "bad gateway", "gateway time", "database connection", "under maintenance", "scheduled maintenance",
		"site maintenance", "maintenance mode", "be back soon", "be right back", "whitelabel error", "oops", "error page", "unable to process your request", "http status 500", "mysql_connect", "mysqli_", "too many connections", "sqlstate[", "fatal error:", "parse error:", "stack trace:", "odbc driver", "adodb.",
		"welcome to nginx", "apache2 ubuntu default page", "apache2 debian default page", "apache http server test page", "iis windows server", "domain is parked", "parked free", "domain has expired", "browser is out of date", "browser is no longer supported", "upgrade your browser", "update your browser", "account has been suspended", "account suspended",
		"网站已关闭", "站点已关闭", "浏览器版本过低", "升级您的浏览器", "网站暂时无法访问", "主机已到期", "空间已到期", "网站已暂停", "该网站未备案", "网站未备案", "域名未备案", "域名已过期", "站点创建成功", "系统错误", "系统异常", "系统出错", "系统繁忙", "服务器错误",
		"服务器内部错误", "内部错误", "服务器繁忙", "服务不可用", "程序出错", "运行时错误", "页面出错", "出错了", "出错啦", "发生错误", "发生异常", "请求错误", "错误提示", "错误信息", "系统维护", "网站维护", "维护中", "正在维护", "正在升级", "正在对网站进行", "升级维护",
		"系統錯誤", "伺服器錯誤", "發生錯誤", "系統維護", "網站維護", "serverfehler", "ein fehler ist aufgetreten", "wartungsarbeiten", "erreur interne", "erreur serveur", "une erreur est survenue", "une erreur s'est produite",
		"site en maintenance", "error del sistema", "error del servidor", "error interno", "ha ocurrido un error", "se ha producido un error", "en mantenimiento", "erro do sistema", "erro interno", "ocorreu um erro",
		"em manutenção", "errore del server", "si è verificato un errore", "ошибка сервера", "внутренняя ошибка", "произошла ошибка", "технические работы", "сталася помилка", "помилка сервера", "технічні роботи",
		"エラーが発生", "システムエラー", "メンテナンス中", "오류가 발생", "시스템 오류", "점검 중", "حدث خطأ", "خطأ في الخادم", "đã xảy ra lỗi", "lỗi hệ thống", "đang bảo trì", "terjadi kesalahan", "dalam pemeliharaan",
		"เกิดข้อผิดพลาด", "ปิดปรับปรุง",
	}
	challengePhrases = []string{
		"just a moment", "checking your browser", "attention required", "verify you are human", "are you a robot", "access denied", "request blocked", "captcha", "security check",
		"安全验证", "访问验证", "人机验证", "请求被拦截", "访问被拒绝", "您的访问", "滑动验证", "网站防火墙", "请开启javascript", "ddos protection", "incapsula", "error 1020",
		"you are being redirected", "human verification", "disable any ad blocker", "网站访问报错", "安全狗",
		"access to this page has been denied", "press & hold", "verifying you are human", "you are not a robot", "you have been blocked", "pardon our interruption", "blocked by the web application firewall",
		"request rejected", "requested url was rejected", "you're not a bot", "not a bot!", "访问被拦截", "请完成验证", "请完成安全", "完成以下验证", "按住滑块", "输入验证码后", "ip地址已被禁止", "ip已被禁止", "ip地址已被封", "ip已被封", "complete the verification", "slide to verify", "security verification", "ip address has been banned", "ip address has been blocked", "visiting too frequently", "enter the code shown", "访问过于频繁", "访问频率过", "访问太频繁", "疑似黑客攻击", "被网站管理员设置拦截", "存在恶意攻击行为", "应用防火墙", "访问被阻断", "創宇盾", "创宇盾",
	}
	loginPhrases = []string{"log in", "login", "sign in", "登录", "用户登录", "统一身份认证", "登錄", "anmelden", "se connecter", "iniciar sesión", "inicio de sesión", "iniciar sessão", "connexion", "вход", "авторизация", "ログイン", "로그인", "đăng nhập"}
	// loginDemands say without a form that a page is for members.
	loginDemands = []string{"请登录后", "请先登录", "您还没有登录", "您尚未登录", "無權限", "无权限查看", "没有权限查看", "没有权限访问", "没有权限浏览", "无权查看", "无权访问", "仅限内部用户", "登录超时", "登录已过期", "请重新登录", "登录后查看", "登录后访问", "請先登錄", "please log in to", "please login to", "please sign in to", "you must be logged in", "you must log in", "you need to log in", "you are not logged in", "not authorized to view", "not authorised to view", "not authorized to access", "not authorised to access", "do not have permission to", "don't have permission to", "for registered members only", "for subscribers only", "session has expired", "please log in again", "please log in first"}
)

// Up to maxApology columns of text a page can be nothing but an apology; its
// words are looked for in the text of half of that.
const maxApology = 900

// apology recognises pages that answer something else than what was asked.
// What stands around the text, menus and footers, does not count.
func (p *Page) apology(m *metadata, shown int) PageKind {
	heads := strings.ToLower(m.title)
	top := heads // and the main heading
	text, own := "", 0
	leads := p.showsHeadlines()
	for _, b := range p.pageBlocks() {
		if leads && b.heading != 1 && (b.linked*2 > b.runes || b.isDatedLink()) {
			continue // what other pages are called
		}
		if b.heading > 0 && b.heading < 4 {
			heads += "\n" + strings.ToLower(b.text)
		}
		if b.heading == 1 {
			top += "\n" + strings.ToLower(b.text)
		}
		if shown <= maxApology || !b.hidden && b.region != RegionNav && b.region != RegionFooter && b.linked*2 <= b.runes {
			if own += b.size; own <= maxApology/2 {
				text += "\n" + strings.ToLower(b.text)
			}
		}
	}
	if k := machinePage(straight(strings.ToLower(m.title) + text)); k != "" {
		return k
	}
	if own > maxApology*3 {
		return ""
	}
	if shown < minShown {
		text += strings.ToLower(p.alerts())
	}
	heads, text = straight(heads), straight(text)
	kind := apologyIn(heads, text, own)
	if kind == KindNotFound && p.saysTwice(top, text) {
		return kind
	}
	if named := holdsShort(top, loginPhrases); kind == "" && shown <= maxApology*3 && (named || shown <= maxApology && !p.hasLoginBox()) && p.AsksForPassword() {
		kind = KindLogin
	}
	if kind != "" && (p.tellsSomething() || shown > maxApology && p.leadsOn()) {
		return "" // an article about a login or a project with the number 404, a home page with a box for members
	}
	return kind
}

// showsHeadlines reports whether a page leads to several others by their headlines, or with their
// days.
func (p *Page) showsHeadlines() bool {
	const several = 3
	n := 0
	for _, b := range p.pageBlocks() {
		if b.hidden || b.region == RegionNav || b.region == RegionFooter || b.linked == 0 {
			continue
		}
		if b.linked*2 > b.runes && b.size >= minRowHeadline || b.isDatedLink() && len(b.stamps()) > 0 {
			n++
		}
	}
	return n >= several
}

// apologyIn looks for the words of an apology in the headings and, of a page
// with little text, in that.
func apologyIn(heads, text string, own int) PageKind {
	little := own <= maxApology/2
	switch {
	case containsAny(heads, challengePhrases) || little && containsAny(text, challengePhrases):
		return KindChallenge
	case holdsShort(heads, notFoundPhrases) || little && containsAny(text, notFoundPhrases[1:]):
		return KindNotFound
	case holdsShort(heads, faultPhrases) || little && (containsAny(text, faultPhrases) || soldDomain.MatchString(text)):
		return KindFault
	case little && own <= maxDemand && containsAny(text, loginDemands):
		return KindLogin
	}
	return ""
}

// speaksOfTrouble reports whether a text has words of an apology, whatever else it says.
func speaksOfTrouble(text string) bool {
	text = straight(strings.ToLower(text))
	return containsAny(text, notFoundPhrases) || containsAny(text, faultPhrases) || containsAny(text, challengePhrases) || containsAny(text, loginDemands) || soldDomain.MatchString(text)
}

// isApology reports whether a headline says no more than that there is no such page, or that it is
// refused.
func isApology(headline string) bool {
	const beside = 4
	headline = straight(strings.ToLower(headline))
	says := func(w string) bool { return strings.Contains(headline, w) && size(headline) <= size(w)+beside }
	return slices.ContainsFunc(notFoundPhrases, says) || slices.ContainsFunc(challengePhrases, says) || slices.ContainsFunc(loginPhrases, says)
}

// machinePages are what servers, proxies and firewalls write and nobody else does, however
// long the page is.
var machinePages = []struct {
	kind    PageKind
	phrases []string
}{
	{KindFault, []string{"cloudflare's network and the origin web server", "unable to resolve your requested domain", "the requested url could not be retrieved", "没有找到对应的站点", "this page is generated by plesk", "you've successfully installed tomcat",
		"if you are the owner of this website, please contact your hosting provider", "used to test the correct operation of the apache", "default page: it works"}},
	{KindChallenge, []string{"generated by wordfence", "the request could not be satisfied", "generated by cloudfront", "generated by mod_security", "web page blocked!", "you must accept cookies to continue", "正在检测是否是真人"}},
}

func machinePage(text string) PageKind {
	for _, m := range machinePages {
		if containsAny(text, m.phrases) {
			return m.kind
		}
	}
	return ""
}

// saysTwice reports whether the main heading of a page is little but that there is no such page, and
// its text says so too: without a date under it, or as shortly as no headline is.
func (p *Page) saysTwice(top, text string) bool {
	const beside = 10
	if !containsAny(text, notFoundPhrases[1:]) {
		return false
	}
	for line := range strings.Lines(top) {
		line = strings.TrimSpace(straight(line))
		for _, w := range notFoundPhrases[1:] {
			if strings.Contains(line, w) && (size(line) <= size(w)+beside || p.infoLine() == nil && size(line) <= size(w)+30) {
				return true
			}
		}
	}
	return false
}

// excuseOf tells a page whose text is all gone but for a sentence of the program that should
// have written it: headline and date may still stand above that.
func excuseOf(text string) PageKind {
	switch {
	case text == "" || size(text) > maxDemand*2:
		return ""
	case scriptMessage.MatchString(text):
		return KindFault
	case size(text) > maxDemand:
		return ""
	case containsAny(straight(strings.ToLower(text)), loginDemands):
		return KindLogin
	case loading.MatchString(text):
		return KindEmpty
	}
	return ""
}

var (
	// scriptMessage is what PHP says instead of a text.
	scriptMessage = regexp.MustCompile(`(?i)^(?:warning|fatal error|notice|parse error|deprecated)\s*:\s.*\bon line \d+$`)
	// loading is all that a page shows whose text a script should bring.
	loading = regexp.MustCompile(`(?i)^(?:正在加载(?:中)?|加载中|数据加载中|正在载入|载入中|loading|please wait|读取中)[，,。.…! ]*(?:请稍候|请稍后|please wait)?[。.…! ]*$`)
)

// soldDomain finds what stands where a domain has been given up.
var soldDomain = regexp.MustCompile(`\bdomain\b.{0,80}\bfor sale\b`)

// straight writes apostrophes as keyboards do.
func straight(text string) string { return strings.ReplaceAll(text, "’", "'") }

// maxDemand is up to how many columns of text a page can do nothing but send to a login.
const maxDemand = 160

// hasLoginBox reports whether a field for a password is that of a box for members, beside
// headlines, a dated text, or a text below a heading of its own.
func (p *Page) hasLoginBox() bool {
	const headlines, much, little = 3, 120, 12 // links, columns of running text, of any
	n := 0
	for _, l := range p.Links() {
		if l.Region == RegionMain && (size(l.Text) >= minRowHeadline || l.Date != "") {
			n++
		}
	}
	if n >= headlines {
		return true
	}
	running, dated, below, main := 0, false, 0, false
	for _, b := range p.pageBlocks() {
		if b.hidden || b.region == RegionNav || b.region == RegionFooter || b.linked*2 > b.runes {
			continue
		}
		switch {
		case b.heading == 1:
			main, below = true, 0
		case b.heading > 1 && holdsShort(strings.ToLower(b.text), loginPhrases) && main && below >= little:
			return true
		case b.heading == 0:
			below += b.size
			running += max(b.gain(), 0)
			dated = dated || len(b.stamps()) > 0
		}
	}
	return dated && running >= much
}

// leadsOn reports whether a page shows the rows of a list.
func (p *Page) leadsOn() bool {
	rows, linked := p.listRows()
	return rows >= 3 || linked > manyHeadlines
}

// tellsSomething reports whether a page has the text of an article: several
// paragraphs that are no links, or one below a line of labels; a short one if
// that line has a date.
func (p *Page) tellsSomething() bool {
	const paragraph, much, little, least = 80, 600, 200, 40
	text, short := 0, 0
	for _, b := range p.pageBlocks() {
		if b.heading > 0 || b.hidden || b.region != RegionMain || b.linked*3 >= b.runes {
			continue
		}
		if b.size >= paragraph {
			text += b.size
		}
		if b.size >= least {
			short += b.size
		}
	}
	if text >= much {
		return true
	}
	info := p.infoLine()
	if info == nil || infoScore(info) < 3 {
		return false
	}
	return text >= little || len(info.block.stamps()) > 0 && short-info.block.size >= least
}

// AsksForPassword reports whether the page has a field for a password.
func (p *Page) AsksForPassword() bool {
	found := false
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Input && strings.EqualFold(attrOf(n, "type"), "password") {
			found = true
		}
	})
	return found
}

func containsAny(s string, phrases []string) bool {
	for _, w := range phrases {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// holdsShort reports whether a line of a text is short and holds a phrase: a
// headline may speak of what was not found, an apology does little else.
func holdsShort(text string, phrases []string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		for _, w := range phrases {
			if strings.Contains(line, w) && size(line) <= size(w)+30 {
				return true
			}
		}
	}
	return false
}
