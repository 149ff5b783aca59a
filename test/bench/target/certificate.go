package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

// certificate makes a root (ECDSA P-256), writes it to a file, and issues a certificate for all addresses.
func certificate(rootFile string, addresses []net.IP) (tls.Certificate, error) {
	root, rootKey, err := issue(&x509.Certificate{
		Subject:               pkix.Name{CommonName: "Bench Root"},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}, nil, nil)
	if err != nil {
		return tls.Certificate{}, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})
	if err := os.WriteFile(rootFile, text, 0o644); err != nil {
		return tls.Certificate{}, err
	}
	leaf, leafKey, err := issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "Bench Leaf"},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: addresses,
		DNSNames:    []string{"localhost"},
	}, root, rootKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey, Leaf: leaf}, nil
}

func issue(request, by *x509.Certificate, byKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	request.SerialNumber = big.NewInt(time.Now().UnixNano())
	request.NotBefore = time.Now().Add(-time.Hour)
	request.NotAfter = time.Now().Add(90 * 24 * time.Hour)
	if by == nil {
		by, byKey = request, key
	}
	der, err := x509.CreateCertificate(rand.Reader, request, by, &key.PublicKey, byKey)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	return parsed, key, err
}
