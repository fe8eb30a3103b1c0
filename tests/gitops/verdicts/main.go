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

// What Argo CD leaves of the library os. Taken from another state, since opening it here would leave all of it here.
func safeOs() map[string]lua.LGFunction {
	whole := lua.NewState()
	defer whole.Close()
	safe := map[string]lua.LGFunction{}
	for _, name := range []string{"time", "date"} {
		safe[name] = whole.GetField(whole.GetGlobal(lua.OsLibName), name).(*lua.LFunction).GFunction
	}
	return safe
}

// The libraries that Argo CD gives to a script of argocd-cm: no string, no math.
func sandbox() *lua.LState {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable}} {
		state.Push(state.NewFunction(library.open))
		state.Push(lua.LString(library.name))
		state.Call(1, 0)
	}
	state.PreloadModule(lua.OsLibName, func(state *lua.LState) int {
		state.Push(state.SetFuncs(state.NewTable(), safeOs()))
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
