package scenario

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The columns of Shadowserver's event4_sinkhole and event4_sinkhole_http reports.
const (
	sinkholeColumns     = "timestamp,protocol,src_ip,src_port,src_asn,src_geo,src_region,src_city,src_hostname,src_naics,src_sector,device_vendor,device_type,device_model,dst_ip,dst_port,dst_asn,dst_geo,dst_region,dst_city,dst_hostname,dst_naics,dst_sector,public_source,infection,family,tag,application,version,event_id"
	sinkholeHTTPColumns = sinkholeColumns + ",http_url,http_host,http_agent,forwarded_by,ssl_cipher,http_referer"
)

// reportDay is the two reports of a day: what spoke HTTP to the sinkhole, and the rest.
func (p *plan) reportDay(day int) []file {
	all := p.reports[key{sinkhole, day}]
	var list []file
	for i, name := range []string{"event4_sinkhole", "event4_sinkhole_http"} {
		if len(all) <= i {
			continue // nothing to report
		}
		path := fmt.Sprintf("logs/%s/%s-%s-scenario.csv", sinkhole, dayName(day), name)
		list = append(list, file{path: path, write: func(out *output) error {
			var part []report
			for n, r := range all {
				if n%2 == i {
					part = append(part, r)
				}
			}
			return writeReports(out, part, i == 1)
		}})
	}
	return list
}

func writeReports(out *output, list []report, http bool) error {
	columns := strings.Split(sinkholeColumns, ",")
	if http {
		columns = strings.Split(sinkholeHTTPColumns, ",")
	}
	w := csv.NewWriter(out)
	if err := w.Write(columns); err != nil {
		return err
	}
	for r := range inTime(list, func(r *report) int64 { return r.at }) {
		fields := r.fields()
		row := make([]string, len(columns))
		for j, c := range columns {
			row[j] = fields[c]
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (r *report) fields() map[string]string {
	return map[string]string{
		"timestamp": time.UnixMicro(r.at).UTC().Format(time.DateTime), "protocol": "tcp",
		"src_ip": r.orig.addr.String(), "src_port": strconv.Itoa(int(r.orig.port)),
		"src_asn": strconv.Itoa(r.as), "src_geo": r.country,
		"dst_ip": r.resp.addr.String(), "dst_port": strconv.Itoa(int(r.resp.port)), "dst_geo": "US",
		"infection": r.family, "family": r.family, "http_host": r.host, "http_url": "/gate.php", "http_agent": agents[2],
	}
}
