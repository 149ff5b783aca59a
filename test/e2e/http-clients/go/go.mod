module httpclient

go 1.26
