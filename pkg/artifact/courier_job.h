#pragma once

#include <string>
#include <vector>

#include "pkg/artifact/artifact.h"
#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::artifact {

// Where things are in the volume that a step's container shares with the courier. The courier has the whole of it at
// kVolumePath; the step's container sees kRunFolder and kToolFolder there, and each input at its own path.
inline constexpr char kVolumePath[] = "/coreflow";
inline constexpr char kToolFolder[] = "bin";          // has coreflow-exec; read-only for the step
inline constexpr char kRunFolder[] = "run";           // has the socket, and what the step writes to $COREFLOW_OUTPUT
inline constexpr char kInputsFolder[] = "in";         // has a file or folder for each input, under its name
inline constexpr char kExecutor[] = "coreflow-exec";  // in kToolFolder
inline constexpr char kSocket[] = "courier.sock";     // in kRunFolder
// The courier's environment variable that has its job, as JSON.
inline constexpr char kJobVariable[] = "COREFLOW_COURIER";

// An artifact to bring.
struct Parcel {
  Artifact artifact = {};
  std::string token = {};  // GetToken()
};

// What to bring to one place before the step starts.
struct Input {
  std::string name = {};             // of the file or folder in kInputsFolder
  bool list = false;                 // a folder of parcels, named 0, 1, …; else there is one parcel
  std::vector<Parcel> parcels = {};  // none: an optional input that is not there, or an empty list
};

// An artifact to take when the step has ended.
struct Output {
  std::string name = {};
  api::Archive archive = api::Archive::kNone;
};

// What the courier of one pod does. It knows nothing of Kubernetes.
struct CourierJob {
  std::string url = {};          // of the data service: "https://host:port", or http:// on loopback
  std::string certificate = {};  // of https: SHA-256 of the server's certificate (DER), 64 hexadecimal digits
  std::string name_space = {};
  std::string pod = {};
  std::string token = {};  // PutToken()
  std::vector<Input> inputs = {};
  std::vector<Output> outputs = {};
};

json::Value ToJson(const CourierJob& job);
// kInvalid, saying what is wrong, for what ToJson would not give.
Result<CourierJob> ReadCourierJob(const std::string& text);

}  // namespace coreflow::artifact
