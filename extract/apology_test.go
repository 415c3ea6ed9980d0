package extract

import "testing"

// TestArticlesAboutTrouble: the page that a row leads to is its article though it speaks of what is
// missing, broken or refused; not so the page of a program with the headline still on it.
func TestArticlesAboutTrouble(t *testing.T) {
	for _, tt := range []struct {
		headline, text string
		want           bool
	}{
		{"404 firms signed agreements at the investment fair", "404 firms signed agreements at the investment fair that closed on Sunday. The number was not found in any earlier year.", true},
		{"关于网站系统升级维护的公告", "为进一步提升服务质量，我局门户网站将于本月15日22时至16日8时进行系统升级维护。", true},
		{"我市完成312家网站核查", "市通信管理部门完成312家网站核查，对21家网站依法处理。未完成的网站暂时无法访问，请尽快办理。", true},
		{"网站防火墙拦截攻击2.3万次", "市大数据中心通报，上月政务云网站防火墙累计拦截攻击2.3万次。", true},
		{"Batteries for the Northern Zone", "This content is for subscribers only. Please log in to read it.", false},
		{"Batteries for the Northern Zone", "The page you asked for does not exist.", false},
		{"北方新区集中签约一批重点项目", "对不起，您访问的信息已被删除，系统将在5秒后跳转。", false},
		{"Page not found", "The page you asked for does not exist. It may have been moved, renamed or deleted, or never have been here.", false},
		{"Another headline than that of the page", "404 firms signed agreements at the investment fair that closed on Sunday.", false},
	} {
		shown := tt.headline
		if tt.headline[0] == 'A' {
			shown = "404 firms signed agreements at the fair"
		}
		p := pageOf("<html><head><title>" + shown + "</title></head><body><h1>" + shown + "</h1><div><p>" + tt.text + "</p></div></body></html>")
		if got := p.IsUnder(tt.headline); got != tt.want {
			t.Errorf("%q over %q: %v, want %v", tt.headline, tt.text, got, tt.want)
		}
	}
}
