// What GitOps tools make of an object, by their own libraries. It is read from stdin as JSON, the verdict goes to stdout.
//
//	verdicts kstatus      what Flux and Helm 4 wait for
//	verdicts lua FILE     what Argo CD gets from a script
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	luajson "layeh.com/gopher-json"
)

func kstatus(input []byte) ([]byte, error) {
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(input); err != nil {
		return nil, err
	}
	result, err := status.Compute(object)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]string{"status": result.Status.String(), "message": result.Message})
}

// The libraries that Argo CD gives to a script of argocd-cm: no string, no math, and of os only these two.
func sandbox() *lua.LState {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	for name, open := range map[string]lua.LGFunction{
		lua.LoadLibName: lua.OpenPackage, lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable} {
		state.Push(state.NewFunction(open))
		state.Push(lua.LString(name))
		state.Call(1, 0)
	}
	state.PreloadModule(lua.OsLibName, func(state *lua.LState) int {
		lua.OpenOs(state)
		whole, safe := state.Get(-1), state.NewTable()
		for _, name := range []string{"time", "date"} {
			safe.RawSetString(name, state.GetField(whole, name))
		}
		state.SetGlobal(lua.OsLibName, lua.LNil)
		state.Push(safe)
		return 1
	})
	return state
}

func run(script string, input []byte) ([]byte, error) {
	state := sandbox()
	defer state.Close()
	object, err := luajson.Decode(state, input)
	if err != nil {
		return nil, err
	}
	state.SetGlobal("obj", object)
	if err := state.DoFile(script); err != nil {
		return nil, err
	}
	return luajson.Encode(state.Get(-1))
}

func verdict(arguments []string) ([]byte, error) {
	input, err := io.ReadAll(os.Stdin)
	switch {
	case err != nil:
		return nil, err
	case len(arguments) == 1 && arguments[0] == "kstatus":
		return kstatus(input)
	case len(arguments) == 2 && arguments[0] == "lua":
		return run(arguments[1], input)
	}
	return nil, errors.New("usage: verdicts kstatus | lua FILE")
}

func main() {
	output, err := verdict(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(output))
}
