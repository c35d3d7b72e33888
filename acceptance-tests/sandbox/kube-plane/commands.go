package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// command is one line on standard input. Each is answered, in order, by {"done": ID} or {"done": ID, "error": TEXT}.
//
//	{"id": 1, "nodes": [{"name": "ip-10-0-0-10.ec2.internal", ...}, ...]}   exactly these nodes exist from now on
//	{"id": 2, "webhooks": "refuse"}                                         admission webhooks do not answer
//	{"id": 3, "reachable": false}                                           connections to the API are refused
//	{"id": 4, "idle": 60}                                                   it ends when nobody was connected for 60 s
type command struct {
	ID        int          `json:"id"`
	Nodes     *[]nodeShape `json:"nodes"`
	Webhooks  *string      `json:"webhooks"`
	Reachable *bool        `json:"reachable"`
	Idle      *float64     `json:"idle"`
}

type commands struct {
	kubelets *kubelets
	egress   *egress
	door     *door
}

// obey does what standard input says until that ends.
func obey(ctx context.Context, out *json.Encoder, o options, c commands) {
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && o.withParent {
			os.RemoveAll(o.dir)
			os.Exit(0)
		}
		if err != nil {
			return
		}
		var said command
		err = json.Unmarshal(line, &said)
		if err == nil {
			err = c.do(ctx, said)
		}
		answer := map[string]any{"done": said.ID}
		if err != nil {
			answer["error"] = err.Error()
		}
		check(out.Encode(answer))
	}
}

func (c commands) do(ctx context.Context, said command) error {
	if said.Nodes != nil {
		if err := c.kubelets.become(ctx, *said.Nodes); err != nil {
			return err
		}
	}
	if said.Webhooks != nil {
		if err := c.egress.answer(*said.Webhooks); err != nil {
			return err
		}
	}
	if said.Idle != nil {
		c.door.setIdle(time.Duration(*said.Idle * float64(time.Second)))
	}
	if said.Reachable == nil || *said.Reachable == c.door.isOpen() {
		return nil
	}
	if !*said.Reachable {
		c.door.shut()
		return nil
	}
	return c.door.open()
}

func readNodes(path string) ([]nodeShape, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var nodes []nodeShape
	if err := json.Unmarshal(text, &nodes); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nodes, nil
}
