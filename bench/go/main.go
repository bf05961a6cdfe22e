// What a good engineer would write in Go with the standard library: net/http on both sides, Signature Version 4 by hand,
// Base64 on chunks; and what a service in production needs: permits, deadlines, a request ID, a log line in JSON, meters.
package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	path        = "/apiaccess/ccmessaging/downloadFileStream"
	head        = `{"fileStream":"`
	success     = `","resultCode":"0"}`
	broken      = `","resultCode":"13","resultDesc":"downloadFileStream IOException"}`
	chunkBytes  = 48 * 1024 // a multiple of 3, so that chunks encode without padding between them
	smallBytes  = 256 * 1024
	clockSkew   = 30 * time.Second
	bodyMaximum = 64 * 1024
	region      = "us-east-1"
	emptyHash   = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

var errUnauthorized = errors.New("unauthorized")

func main() {
	connections, permits := number("FILESTREAM_S3_MAX_CONNECTIONS"), number("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT")
	endpoint, err := url.Parse(os.Getenv("FILESTREAM_S3_ENDPOINT"))
	if err != nil {
		log.Fatal("FILESTREAM_S3_ENDPOINT: ", err)
	}
	operated := newOperated(permits)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", operated.metrics)
	mux.Handle("POST "+path, operated.around(&downloads{
		signingKey: []byte(os.Getenv("FILESTREAM_AUTH_SIGNING_KEY")),
		store: &store{
			endpoint: strings.TrimSuffix(endpoint.String(), "/"), host: endpoint.Host,
			accessKey: os.Getenv("FILESTREAM_S3_ACCESS_KEY"), secretKey: os.Getenv("FILESTREAM_S3_SECRET_KEY"),
			client: &http.Client{Transport: &http.Transport{
				DialContext:           (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
				MaxConnsPerHost:       connections,
				MaxIdleConns:          connections,
				MaxIdleConnsPerHost:   connections,
				IdleConnTimeout:       time.Minute,
				ResponseHeaderTimeout: 10 * time.Second,
				DisableCompression:    true,
			}},
		},
	}))
	server := &http.Server{
		Addr:              "127.0.0.1:" + os.Getenv("SERVER_PORT"),
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 * 1024,
	}
	log.Fatal(server.ListenAndServe())
}

func number(variable string) int {
	value, err := strconv.Atoi(os.Getenv(variable))
	if err != nil {
		log.Fatal(variable, ": ", err)
	}
	return value
}

// downloads answers a POST with the object in its envelope.
type downloads struct {
	signingKey []byte
	store      *store
}

type downloadRequest struct {
	FileID   string `json:"fileId"`
	Channel  string `json:"channel"`
	FileType string `json:"fileType"`
}

var chunks = sync.Pool{New: func() any { return &[2][]byte{make([]byte, chunkBytes), make([]byte, chunkBytes/3*4)} }}

func (d *downloads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tenant, err := d.tenant(r.Header)
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var asked downloadRequest
	if json.NewDecoder(io.LimitReader(r.Body, bodyMaximum)).Decode(&asked) != nil || asked.FileID == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	object, err := d.store.get(r.Context(), "standard", tenant+"/"+asked.FileID)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer object.Body.Close()
	w.Header().Set("Content-Type", "application/json")
	if length := object.ContentLength; length <= smallBytes {
		w.Header().Set("Content-Length", strconv.FormatInt(int64(len(head)+len(success))+(length+2)/3*4, 10))
	}
	send(w, object.Body, object.ContentLength)
}

// send ends with success only after as many bytes as the store announced.
func send(w io.Writer, object io.Reader, length int64) {
	buffers := chunks.Get().(*[2][]byte)
	defer chunks.Put(buffers)
	chunk, encoded := buffers[0], buffers[1]
	io.WriteString(w, head)
	for sent := int64(0); sent < length; {
		count, err := io.ReadFull(object, chunk[:min(chunkBytes, length-sent)])
		base64.StdEncoding.Encode(encoded, chunk[:count])
		if _, failed := w.Write(encoded[:base64.StdEncoding.EncodedLen(count)]); failed != nil {
			return
		}
		if sent += int64(count); err != nil {
			io.WriteString(w, broken)
			return
		}
	}
	io.WriteString(w, success)
}

// The token check of the contract's section 6.

type claims struct {
	Issuer   string          `json:"iss"`
	Subject  string          `json:"sub"`
	Audience json.RawMessage `json:"aud"`
	Expiry   int64           `json:"exp"`
	AppKey   string          `json:"azp"`
	TenantID string          `json:"tenantId"`
}

func (d *downloads) tenant(header http.Header) (string, error) {
	authorization := header.Get("Authorization")
	if len(authorization) < 7 || !strings.EqualFold(authorization[:7], "Bearer ") {
		return "", errUnauthorized
	}
	access, err := d.verified(authorization[7:], "apiaccess")
	if err != nil {
		return "", err
	}
	session, err := d.verified(header.Get("ccmessaging-token"), "ccmessaging")
	if err != nil {
		return "", err
	}
	appKey := header.Get("x-app-key")
	if appKey == "" || access.Subject != appKey || session.AppKey != appKey {
		return "", errUnauthorized
	}
	return session.TenantID, nil
}

func (d *downloads) verified(token, audience string) (*claims, error) {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 {
		return nil, errUnauthorized
	}
	signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	if err != nil || !hmac.Equal(signature, mac(d.signingKey, token[:dot])) {
		return nil, errUnauthorized
	}
	header, payload, _ := strings.Cut(token[:dot], ".")
	var algorithm struct {
		Name string `json:"alg"`
	}
	var found claims
	if decode(header, &algorithm) != nil || algorithm.Name != "HS256" || decode(payload, &found) != nil {
		return nil, errUnauthorized
	}
	if time.Unix(found.Expiry, 0).Add(clockSkew).Before(time.Now()) || found.Issuer != "ccmessaging-filestream" ||
		!bytes.Contains(found.Audience, []byte(`"`+audience+`"`)) {
		return nil, errUnauthorized
	}
	return &found, nil
}

func decode(part string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func mac(key []byte, text string) []byte {
	made := hmac.New(sha256.New, key)
	io.WriteString(made, text)
	return made.Sum(nil)
}

// store is the S3 client: signed GETs over kept connections.
type store struct {
	endpoint, host       string
	accessKey, secretKey string
	client               *http.Client
	lock                 sync.Mutex
	day                  string
	dayKey               []byte
}

func (s *store) get(ctx context.Context, bucket, key string) (*http.Response, error) {
	resource := (&url.URL{Path: "/" + bucket + "/" + key}).EscapedPath()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.endpoint+resource, nil)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	stamp := now.Format("20060102T150405Z")
	scope := stamp[:8] + "/" + region + "/s3/aws4_request"
	hash := sha256.Sum256([]byte("GET\n" + resource + "\n\nhost:" + s.host + "\nx-amz-content-sha256:" + emptyHash +
		"\nx-amz-date:" + stamp + "\n\nhost;x-amz-content-sha256;x-amz-date\n" + emptyHash))
	signature := hex.EncodeToString(mac(s.keyOf(stamp[:8]), "AWS4-HMAC-SHA256\n"+stamp+"\n"+scope+"\n"+hex.EncodeToString(hash[:])))
	request.Header.Set("X-Amz-Date", stamp)
	request.Header.Set("X-Amz-Content-Sha256", emptyHash)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+s.accessKey+"/"+scope+
		", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="+signature)
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK || response.ContentLength < 0 {
		response.Body.Close()
		return nil, fmt.Errorf("the store responded with %d", response.StatusCode)
	}
	return response, nil
}

func (s *store) keyOf(day string) []byte {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.day != day {
		s.day = day
		s.dayKey = mac(mac(mac(mac([]byte("AWS4"+s.secretKey), day), region), "s3"), "aws4_request")
	}
	return s.dayKey
}
