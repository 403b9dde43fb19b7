package intel

import (
	"strings"
	"testing"

	"github.com/tallystick/tallystick"
)

const (
	zeekSample = "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\n" +
		"240.0.0.1\tIntel::ADDR\tX\tC2\n240.1.0.0/16\tIntel::SUBNET\tX\tCPS-TOR-INTEL\nbad.example.net\tIntel::DOMAIN\tX\t-\n" +
		"bad.example.net\tIntel::URL\tX\tPhishing-URLS\nd41d8cd98f00b204e9800998ecf8427e\tIntel::FILE_HASH\tX\t-\n" +
		"#fields\tindicator_type\tindicator\nIntel::ADDR\t240.0.0.2\n"
	blackbookSample = "Domain,Malware,Date added,Source\nbad.example.net,Keitaro,2024-09-01,ViriBack\nnodate.example.net,1312,,x\n"
	feodoSample     = "# Feodo Tracker\n#\n\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\n" +
		"\"2021-01-17 07:30:05\",\"240.0.0.1\",\"443\",\"online\",\"2024-01-02\",\"Dridex\"\n" +
		"\"2021-01-17 07:30:05\",\"240.0.0.2\",\"443\",\"offline\",\"2024-01-02\",\"Dridex\"\n\"x\",\"bad\",\"1\",\"\",\"\",\"\"\n# END 2 entries\n"
	urlhausSample = "################\n# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\n" +
		"\"1\",\"2024-03-04 05:06:07\",\"http://bad.example.net:81/i\",\"online\",\"\",\"malware_download\",\"elf\",\"https://urlhaus.example/1\",\"x\"\n"
	threatfoxSample = "# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\",\"fk_malware\",\"malware_alias\",\"malware_printable\",\"last_seen_utc\",\"confidence_level\"\n" +
		"\"2024-03-04 05:06:07\", \"1\", \"240.0.0.1:8080\", \"ip:port\", \"botnet_cc\", \"win.x\", \"None\", \"Remcos\", \"\", \"75\"\n" +
		"\"2024-03-04 05:06:07\", \"2\", \"bad.example.net\", \"domain\", \"payload_delivery\", \"win.x\", \"None\", \"SocGholish\", \"\", \"75\"\n" +
		"\"2024-03-04 05:06:07\", \"3\", \"d41d8cd98f00b204e9800998ecf8427e\", \"md5_hash\", \"payload\", \"win.x\", \"None\", \"X\", \"\", \"75\"\n"
	sslblSample   = "# Firstseen,DstIP,DstPort\n2024-03-04 05:06:07,240.0.0.1,443\n"
	feodoJSON     = `[{"ip_address":"240.0.0.1","port":443,"status":"online","hostname":null,"first_seen":"2021-01-17 07:30:05","last_online":"2024-01-02","malware":"Dridex"}]`
	threatfoxJSON = `{"1":[{"ioc_value":"240.0.0.1:8080","ioc_type":"ip:port","threat_type":"botnet_cc","malware_printable":"Remcos","first_seen_utc":"2024-03-04 05:06:07","last_seen_utc":null,"confidence_level":75}]}`
	mispSample    = `{"Event":{"info":"x","Orgc":{"name":"ORG"},"Tag":[{"name":"misp-galaxy:malpedia=\"Emotet - S0367\""}],"Attribute":[
		{"type":"ip-dst","value":"240.0.0.1","to_ids":true,"first_seen":"2024-01-01T10:00:00+00:00","last_seen":"2024-01-03T00:00:00+00:00"},
		{"type":"ip-dst|port","value":"240.0.0.2|8080","to_ids":"1"},{"type":"ip-dst|port","value":"2001:db8::1|80","to_ids":true},
		{"type":"domain|ip","value":"bad.example.net|240.0.0.3","to_ids":true},{"type":"ip-src","value":"240.0.0.4","to_ids":true},
		{"type":"domain","value":"info.example.net","to_ids":false},{"type":"domain","value":"gone.example.net","to_ids":true,"deleted":true},
		{"type":"md5","value":"d41d8cd98f00b204e9800998ecf8427e","to_ids":true},
		{"type":"url","value":"http://bad.example.net/a","to_ids":true,"Tag":[{"name":"phishing"}]}],
		"Object":[{"name":"android-app","Attribute":[{"type":"text","object_relation":"name","value":"TheApp","to_ids":false},{"type":"hostname","value":"app.example.net","to_ids":true}]}]}}`
	phishingSample = `{"Event":{"Orgc":{"name":"ORG"},"Object":[
		{"name":"phishing","Attribute":[{"type":"url","object_relation":"url","value":"https://brand.example.net/login","to_ids":true},
			{"type":"text","object_relation":"target","value":"Some Bank","to_ids":false}]},
		{"name":"phishing","Attribute":[{"type":"text","object_relation":"target","value":"Other Bank","to_ids":false},{"type":"url","object_relation":"url",
			"value":"https://kit.example.net/","to_ids":true,"Tag":[{"name":"misp-galaxy:tool=\"EvilKit\""}]}]}]}}`
	ipPortSample = `{"Event":{"Orgc":{"name":"ORG"},"Object":[
		{"name":"ip-port","first_seen":"2024-01-01","Attribute":[{"type":"ip-dst","object_relation":"ip","value":"240.0.0.1","to_ids":true},
			{"type":"port","object_relation":"dst-port","value":8080,"to_ids":false},{"type":"port","object_relation":"dst-port","value":"8081","to_ids":true},
			{"type":"port","object_relation":"src-port","value":"9","to_ids":false},{"type":"domain","object_relation":"domain","value":"a.example.net","to_ids":true}]},
		{"name":"ip-port","Attribute":[{"type":"ip-dst","object_relation":"ip-dst","value":"2001:db8::1","to_ids":true},
			{"type":"port","object_relation":"dst-port","value":"80","to_ids":true},{"type":"port","object_relation":"dst-port","value":"81","to_ids":true,"deleted":true}]},
		{"name":"ip-port","Attribute":[{"type":"ip-src","object_relation":"ip-src","value":"240.0.0.3","to_ids":true},
			{"type":"port","object_relation":"dst-port","value":"22","to_ids":true}]},
		{"name":"ip-port","Attribute":[{"type":"ip-dst","object_relation":"ip","value":"240.0.0.4","to_ids":false},
			{"type":"port","object_relation":"dst-port","value":"80","to_ids":true}]}]}}`
	phishTankSample = "phish_id,url,phish_detail_url,submission_time,verified,verification_time,online,target\n" +
		"1,https://brand.example.net/login?x=1,http://p.example/1,2024-03-04T05:06:07+00:00,yes,2024-03-05T05:06:07+00:00,yes,Some Bank\n" +
		"2,http://bad.example.net/a,http://p.example/2,2024-03-04T05:06:07+00:00,yes,2024-03-05T05:06:07+00:00,yes,Other\n" +
		"3,http://maybe.example.net/,http://p.example/3,2024-03-04T05:06:07+00:00,no,,yes,Some Bank\n"
	phishTankJSON = `[{"phish_id":"1","url":"https://brand.example.net/login","phish_detail_url":"http://p.example/1","details":[{"ip_address":"240.0.0.1"}],
		"submission_time":"2024-03-04T05:06:07+00:00","verified":"yes","verification_time":"2024-03-05T05:06:07+00:00","online":"yes","target":"Some Bank"}]`
	typedSample = "uuid,event_id,category,type,value,comment,to_ids,date\n1,10,Network activity,ip-dst,\"240.0.0.1\",\"two\nlines\",1,20160824\n" +
		"2,10,Network activity,domain,\"bad.example.net\",\"\",0,20160824\n3,10,Payload,md5,d41d8cd98f00b204e9800998ecf8427e,,1,20160824\n"
	stixSample = `{"type":"bundle","id":"bundle--1","objects":[
		{"type":"malware","id":"malware--1","name":"Pegasus","malware_types":["spyware"]},
		{"type":"indicator","id":"indicator--1","pattern_type":"stix","pattern":"[domain-name:value='bad.example.net' OR ipv4-addr:value = '240.0.0.1'] OR [file:name='x']","valid_from":"2024-01-02T03:04:05Z","valid_until":"2024-02-01T00:00:00Z","confidence":80},
		{"type":"relationship","relationship_type":"indicates","source_ref":"indicator--1","target_ref":"malware--1"},
		{"type":"indicator","id":"indicator--2","pattern":"[ipv4-addr:value = '240.0.0.2' AND network-traffic:dst_port = 80]","valid_from":"2024-01-02T03:04:05Z"},
		{"type":"indicator","id":"indicator--6","pattern":"[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '240.0.0.6' AND network-traffic:dst_port = 8080]"},
		{"type":"indicator","id":"indicator--3","pattern":"[url:value = 'http://bad.example.net/it\\'s']","labels":["phishing"],"valid_from":"2024-01-02T03:04:05Z"},
		{"type":"indicator","id":"indicator--4","pattern":"[domain-name:value = 'old.example.net']","revoked":true},
		{"type":"indicator","id":"indicator--5","pattern":"alert tcp","pattern_type":"snort"}]}`
	warningSample = `{"name":"Top 1000 website from Alexa","type":"hostname","version":1,"list":["good.example.net",".also.example.net","com","240.0.0.1"]}`
)

func TestFormats(t *testing.T) {
	cases := []struct {
		name, format, feed, text string
		want                     []string
		skipped                  map[string]uint64
	}{
		{"a.intel", formatZeek, "a", zeekSample, []string{
			"240.0.0.1 control", "240.1.0.0/16 egress", "bad.example.net/ phishing",
		}, map[string]uint64{"type FILE_HASH": 1, reasonMeaning: 2}},
		{"b.csv", formatBlackbook, "blackbook", blackbookSample, []string{
			"bad.example.net control keitaro 2024-09-01", "nodate.example.net control 1312",
		}, nil},
		{"c.csv", formatAbuseCSV, "feodotracker", feodoSample, []string{
			"240.0.0.1:443 control dridex 2021-01-17", "240.0.0.2:443 control dridex 2021-01-17 2024-01-03",
		}, map[string]uint64{reasonForm: 1}},
		{"d.csv", formatAbuseCSV, "urlhaus", urlhausSample, []string{"bad.example.net/i attempt 2024-03-04"}, nil},
		{"e.csv", formatAbuseCSV, "threatfox", threatfoxSample, []string{
			"240.0.0.1:8080 control remcos 2024-03-04", "bad.example.net attempt socgholish 2024-03-04",
		}, map[string]uint64{"type md5": 1}},
		{"f.csv", formatAbuseCSV, "sslbl", sslblSample, []string{"240.0.0.1:443 control 2024-03-04"}, nil},
		{"g.json", formatAbuseJSON, "feodotracker", feodoJSON, []string{"240.0.0.1:443 control dridex 2021-01-17"}, nil},
		{"h.json", formatAbuseJSON, "threatfox", threatfoxJSON, []string{"240.0.0.1:8080 control remcos 2024-03-04"}, nil},
		{"i.json", formatMISP, "ORG", mispSample, []string{
			"240.0.0.1 control emotet 2024-01-01 2024-01-04", "240.0.0.2:8080 control emotet", "[2001:db8::1]:80 control emotet",
			"bad.example.net control emotet", "240.0.0.3 control emotet", "240.0.0.4 attempt emotet",
			"bad.example.net/a phishing emotet", "app.example.net control theapp",
		}, map[string]uint64{reasonNoIDS: 2, reasonDeleted: 1, "type md5": 1}},
		{"j.json", formatMISP, "ORG", phishingSample, []string{
			"brand.example.net/login phishing brand:some bank", "kit.example.net/ phishing evilkit",
		}, map[string]uint64{reasonNoIDS: 2}},
		{"q.json", formatMISP, "ORG", ipPortSample, []string{
			"240.0.0.1:8080 control 2024-01-01", "240.0.0.1:8081 control 2024-01-01", "a.example.net control 2024-01-01",
			"[2001:db8::1]:80 control", "240.0.0.3 attempt",
		}, map[string]uint64{reasonNoIDS: 2, reasonDeleted: 1, "type port": 1}},
		{"r.csv", formatPhishTank, "phishtank", phishTankSample, []string{
			"brand.example.net/login phishing brand:some bank 2024-03-04", "bad.example.net/a phishing 2024-03-04",
		}, map[string]uint64{reasonUnverified: 1}},
		{"s.json", formatPhishTank, "phishtank", phishTankJSON, []string{"brand.example.net/login phishing brand:some bank 2024-03-04"}, nil},
		{"k.csv", formatTyped, "k", typedSample, []string{"240.0.0.1 control"}, map[string]uint64{reasonNoIDS: 1, "type md5": 1}},
		{"l.stix2", formatSTIX, "l", stixSample, []string{
			"240.0.0.6:8080 control", "240.0.0.1 spyware pegasus 2024-01-02 2024-02-01", "bad.example.net spyware pegasus 2024-01-02 2024-02-01",
			"bad.example.net/it's phishing 2024-01-02",
		}, map[string]uint64{"type file:name": 1, reasonCompound: 1, reasonRevoked: 1, reasonOtherRules: 1}},
		{"list.json", formatWarning, "Top 1000 website from Alexa", warningSample, []string{
			"good.example.net veto", "also.example.net veto", "240.0.0.1 veto",
		}, map[string]uint64{reasonLabel: 1}},
		{"list.json", formatWarning, "List of known sinkholes", `{"name":"List of known sinkholes","type":"cidr","list":["240.0.0.0/24"]}`,
			[]string{"240.0.0.0/24 sinkhole"}, nil},
		{"list.json", formatWarning, "x", `{"name":"x","type":"string","list":["bad.example.net"]}`,
			[]string{"bad.example.net veto exact"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, f := listed(t, "some/"+c.name, c.text, Hint{})
			expect(t, got, c.want)
			if f.Format != c.format || f.Name != c.feed || !f.Tally.Balanced() {
				t.Errorf("feed %+v, want %s of format %s", f, c.feed, c.format)
			}
			for reason, n := range c.skipped {
				if f.Tally.Skipped[reason] != n {
					t.Errorf("skipped %v, want %d %q", f.Tally.Skipped, n, reason)
				}
			}
		})
	}
}

// TestUntold: words that are not known accuse nobody, but the operator may say what they
// leave open.
func TestUntold(t *testing.T) {
	const text = "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\n" +
		"240.0.0.1\tIntel::ADDR\tMINE\tINTEL\n240.0.0.2\tIntel::ADDR\tMINE\tbotnet\n240.0.0.3\tIntel::ADDR\tMINE\tsinkhole\n"
	for word, want := range map[string][]string{
		"":         {"240.0.0.2 control", "240.0.0.3 sinkhole"},
		"control":  {"240.0.0.1 control", "240.0.0.2 control", "240.0.0.3 sinkhole"},
		"attempt":  {"240.0.0.1 attempt", "240.0.0.2 attempt", "240.0.0.3 sinkhole"},
		"sinkhole": {"240.0.0.1 sinkhole", "240.0.0.2 sinkhole", "240.0.0.3 sinkhole"},
	} {
		h := Hint{}
		if word != "" {
			var err error
			if h, err = ParseHint(word); err != nil {
				t.Fatal(err)
			}
		}
		got, f := listed(t, "mine.intel", text, h)
		expect(t, got, want)
		if !f.Tally.Balanced() || f.Tally.Skipped[reasonMeaning] != uint64(3-len(want)) {
			t.Errorf("%s: %s", word, &f.Tally)
		}
	}
}

// TestUndetectedClass: what nothing detects is not taken for something else.
func TestUndetectedClass(t *testing.T) {
	got, f := listed(t, "drops.txt", "drop.example.net\n240.0.0.1\n", Hint{Class: tallystick.Exfiltration})
	if len(got) != 0 || f.Tally.Skipped[reasonClass] != 2 {
		t.Errorf("%v, %s", got, &f.Tally)
	}
}

func TestHeaderOnly(t *testing.T) {
	_, f := listed(t, "a.intel", "#fields\tindicator\tindicator_type\n", Hint{})
	if f.Files != 1 || f.Empty != 1 || f.Tally.Read != 0 {
		t.Errorf("%+v, want one empty file", f)
	}
}

func TestManifest(t *testing.T) {
	got, f := listed(t, "manifest.json", `{"55cbf4b5-dcd8-4d64-aa55-24c6950d210f":{"info":"x","timestamp":"1"}}`, Hint{})
	if len(got) != 0 || f.Empty != 1 {
		t.Errorf("%v %+v", got, f)
	}
}

// FuzzLoad: no file makes the loader panic, no entry vanishes from its tally, and what
// was compiled can be written and read again.
func FuzzLoad(f *testing.F) {
	for _, s := range []string{
		zeekSample, blackbookSample, feodoSample, urlhausSample, threatfoxSample, sslblSample, feodoJSON, threatfoxJSON,
		mispSample, ipPortSample, phishTankSample, phishTankJSON, typedSample, stixSample, warningSample, maltrailHead + "bad.example.net\n240.0.0.1:80\n", "0.0.0.0 bad.example.net\n",
	} {
		f.Add("malware/x.txt", s)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		l := NewLoader()
		if err := l.Load(name, strings.NewReader(text), Hint{}); err != nil {
			return
		}
		s := compiled(t, l)
		for _, feed := range s.Feeds() {
			if !feed.Tally.Balanced() || uint64(feed.Used) > feed.Tally.Observed {
				t.Errorf("feed %+v", feed)
			}
		}
		var listing strings.Builder
		if _, err := s.WriteTo(&listing); err != nil {
			t.Fatal(err)
		}
		again, err := readSet(strings.NewReader(listing.String()))
		if err != nil {
			t.Fatalf("%v in %q", err, listing.String())
		}
		if again.Digest() != s.Digest() {
			t.Error("read again, the set has another digest")
		}
	})
}
