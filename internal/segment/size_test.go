package segment_test
import ("testing";"fmt";"bytes";"github.com/parquet-go/parquet-go";"github.com/tallystick/tallystick/internal/segment/segmenttest")
func TestSizes(t *testing.T){
 rows:=segmenttest.National().Day(0,1)
 pairs:=map[string]bool{}; for i:=range rows{pairs[string(rows[i].By+rows[i].On)]=true}
 fmt.Println(len(rows),len(pairs))
 b:=written(t,rows)
 f,err:=parquet.OpenFile(bytes.NewReader(b),int64(len(b))); if err!=nil{t.Fatal(err)}
 for _,c:=range f.Metadata().RowGroups[0].Columns{ fmt.Printf("%v %.2f (raw %.2f)\n",c.MetaData.PathInSchema,float64(c.MetaData.TotalCompressedSize)/float64(len(rows)),float64(c.MetaData.TotalUncompressedSize)/float64(len(rows)))}
}
