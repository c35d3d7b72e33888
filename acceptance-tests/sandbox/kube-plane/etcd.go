package main

import (
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/storage/wal"
)

// startEtcd starts the cluster's store on unix sockets in dir and waits until it answers.
func startEtcd(dir string) error {
	config := embed.NewConfig()
	config.Name = "default"
	config.Dir = filepath.Join(dir, "etcd")
	config.ListenClientUrls = []url.URL{{Scheme: "unix", Path: etcdSocket(dir)}}
	config.ListenPeerUrls = []url.URL{{Scheme: "unix", Path: filepath.Join(dir, "etcd-peer.sock")}}
	// What is advertised must have a host and a port, but nothing ever dials it.
	config.AdvertiseClientUrls = []url.URL{{Scheme: "http", Host: "127.0.0.1:2379"}}
	config.AdvertisePeerUrls = []url.URL{{Scheme: "http", Host: "127.0.0.1:2380"}}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	config.LogLevel = "error"
	// The state outlives the process, and need not outlive the machine.
	config.UnsafeNoFsync = true
	config.TickMs, config.ElectionMs = 10, 100
	wal.SegmentSizeBytes = 4 << 20 // Two segments are laid out at once, of 64 MB each otherwise.
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return nil
	case err := <-etcd.Err():
		return fmt.Errorf("etcd: %w", err)
	case <-time.After(30 * time.Second):
		return fmt.Errorf("etcd was not ready after 30 s")
	}
}

func etcdSocket(dir string) string { return filepath.Join(dir, "etcd.sock") }
