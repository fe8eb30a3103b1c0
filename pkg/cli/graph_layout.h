#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace coreflow::cli {

// A step as a graph shows it.
struct GraphNode {
  std::string name = {};
  std::vector<size_t> parents = {};  // each before the node itself, or passed over
  std::string state = {};            // "Succeeded"; empty: it has not run
  bool in_finally = false;
  bool has_items = false;
};

// A graph in the language of Graphviz, of Mermaid, or as a picture of its own: columns from left to right, each step
// to the right of all that it depends on.
std::string GraphAsDot(const std::string& name, const std::vector<GraphNode>& nodes);
std::string GraphAsMermaid(const std::vector<GraphNode>& nodes);
std::string GraphAsSvg(const std::string& name, const std::vector<GraphNode>& nodes);

}  // namespace coreflow::cli
