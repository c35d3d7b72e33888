package main

import (
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// door is where the API server's connections come from: those of its own components, always, and those from outside
// while it is open. The outside is a socket that may have been listening before this process began: whoever connected
// meanwhile has been waiting in the kernel.
type door struct {
	inside  net.Listener
	address string // Of the outside.
	arrived chan net.Conn

	mutex   sync.Mutex
	outside net.Listener
	guests  map[net.Conn]struct{}
	left    time.Time     // When the last guest did, or the door was opened.
	idle    time.Duration // How long the process goes on without guests; 0 is for ever.
}

func openDoor(o options) (*door, error) {
	var outside net.Listener
	var err error
	if o.listenFD != 0 {
		file := os.NewFile(uintptr(o.listenFD), "listen-fd")
		outside, err = net.FileListener(file)
		file.Close()
	} else {
		outside, err = net.Listen("tcp", o.listen)
	}
	if err != nil {
		return nil, err
	}
	if address, ok := outside.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
		return nil, fmt.Errorf("%s is not a loopback address", outside.Addr())
	}
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &door{
		inside: inside, outside: outside, address: outside.Addr().String(),
		arrived: make(chan net.Conn), guests: map[net.Conn]struct{}{}, idle: o.idle,
	}
	go func() {
		for {
			conn, err := inside.Accept()
			if err != nil {
				return
			}
			d.arrived <- conn
		}
	}()
	return d, nil
}

// open lets the outside in, and listens there again if it was shut.
func (d *door) open() error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.outside == nil {
		outside, err := net.Listen("tcp", d.address)
		if err != nil {
			return err
		}
		d.outside = outside
	}
	d.left = time.Now()
	go d.receive(d.outside)
	return nil
}

// endWhenIdle ends the process once nobody has been connected for as long as d.idle. All that it knows is in its files,
// and the next process goes on from there.
func (d *door) endWhenIdle() {
	for range time.Tick(200 * time.Millisecond) {
		d.mutex.Lock()
		if d.idle > 0 && len(d.guests) == 0 && time.Since(d.left) > d.idle {
			os.Exit(0)
		}
		d.mutex.Unlock()
	}
}

func (d *door) setIdle(idle time.Duration) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.idle = idle
}

func (d *door) receive(outside net.Listener) {
	for {
		conn, err := outside.Accept()
		if err != nil {
			return // It was shut.
		}
		d.mutex.Lock()
		shut := d.outside != outside
		if !shut {
			conn = &guest{Conn: conn, door: d}
			d.guests[conn] = struct{}{}
		}
		d.mutex.Unlock()
		if shut {
			conn.Close()
			return
		}
		d.arrived <- conn
	}
}

// shut makes connections from outside be refused, and ends those that there are.
func (d *door) shut() {
	d.mutex.Lock()
	guests := d.guests
	d.guests = map[net.Conn]struct{}{}
	if d.outside != nil {
		d.outside.Close()
		d.outside = nil
	}
	d.mutex.Unlock()
	for conn := range guests {
		conn.Close()
	}
}

func (d *door) isOpen() bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.outside != nil
}

func (d *door) endpoint() string         { return "https://" + d.address }
func (d *door) internalEndpoint() string { return "https://" + d.inside.Addr().String() }

func (d *door) internalHostPort() (string, string) {
	host, port, err := net.SplitHostPort(d.inside.Addr().String())
	check(err) // A TCP listener's address has both.
	return host, port
}

// Accept, Close and Addr make it the API server's listener.
func (d *door) Accept() (net.Conn, error) { return <-d.arrived, nil }
func (d *door) Close() error              { return nil }
func (d *door) Addr() net.Addr            { return d.inside.Addr() }

// guest is a connection from outside that the door knows of until it ends.
type guest struct {
	net.Conn
	door *door
}

func (g *guest) Close() error {
	g.door.mutex.Lock()
	delete(g.door.guests, g)
	g.door.left = time.Now()
	g.door.mutex.Unlock()
	return g.Conn.Close()
}
