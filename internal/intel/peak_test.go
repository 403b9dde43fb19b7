package intel
import ("testing";"os";"strings";"runtime";"fmt")
func TestPeak(t *testing.T){ s:=loadReal(t,"maltrail/trails/static"); b,_:=os.ReadFile("/proc/self/status"); for _,l:=range strings.Split(string(b),"\n"){ if strings.HasPrefix(l,"VmHWM")||strings.HasPrefix(l,"VmRSS"){fmt.Println(l)}}
runtime.GC(); var m runtime.MemStats; runtime.ReadMemStats(&m); fmt.Println("live",m.HeapAlloc>>20); runtime.KeepAlive(s)}
