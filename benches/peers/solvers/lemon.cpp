// LEMON: minimum-cost flow by network simplex and by cost scaling.
//
// lemon FORMULATION FILE TIMES reads an instance (see ours/src/instance.rs), solves it, and prints the same report as
// ours/src/stopwatch.rs.

#include <lemon/capacity_scaling.h>
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Graph = lemon::SmartDigraph;
using NetworkSimplex = lemon::NetworkSimplex<Graph, int, int>;
using CostScaling = lemon::CostScaling<Graph, int, int>;
using CapacityScaling = lemon::CapacityScaling<Graph, int, int>;

// No further solve is begun after so many seconds.
constexpr double enough_seconds = 1.0;

// What LEMON takes for no bound on an arc.
constexpr int unbounded = std::numeric_limits<int>::max();

struct Instance {
  std::vector<std::uint32_t> capacity, column_district, row_district, row_start, arc_column, arc_cost;

  explicit Instance(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const auto counts = numbers(file, 3);
    capacity = numbers(file, counts[1]);
    column_district = numbers(file, counts[1]);
    row_district = numbers(file, counts[0]);
    row_start = numbers(file, counts[0] + 1);
    arc_column = numbers(file, counts[2]);
    arc_cost = numbers(file, counts[2]);
    if (!file) throw std::runtime_error("cannot read " + path);
  }

  int rows() const { return static_cast<int>(row_district.size()); }
  int columns() const { return static_cast<int>(capacity.size()); }
  int arcs() const { return static_cast<int>(arc_column.size()); }

 private:
  static std::vector<std::uint32_t> numbers(std::ifstream& file, std::size_t count) {
    std::vector<std::uint32_t> read(count);
    file.read(reinterpret_cast<char*>(read.data()), static_cast<std::streamsize>(count * sizeof(std::uint32_t)));
    return read;
  }
};

// The network in which a row supplies one unit.
struct Network {
  Graph graph;
  Graph::ArcMap<int> cost{graph};
  Graph::ArcMap<int> upper{graph};
  Graph::NodeMap<int> supply{graph};

  // Columns demand at most their capacity: with supplies as lower bounds (GEQ) that needs no further node or arc.
  static void without_sink(const Instance& instance, Network& network) {
    network.add_rows_and_columns(instance, false);
    network.demand_capacities(instance);
  }

  // The same, with a bound of one on each arc, which changes nothing since no row supplies more.
  static void bounded(const Instance& instance, Network& network) {
    without_sink(instance, network);
    for (Graph::ArcIt arc(network.graph); arc != lemon::INVALID; ++arc) network.upper[arc] = 1;
  }

  // The same with every arc turned round, and supplies as upper bounds (LEQ).
  static void turned(const Instance& instance, Network& network) {
    network.add_rows_and_columns(instance, true);
    for (int row = 0; row < instance.rows(); ++row) network.supply[Graph::nodeFromId(row)] = -1;
    for (int column = 0; column < instance.columns(); ++column) {
      network.supply[network.column_node(instance, column)] = static_cast<int>(instance.capacity[column]);
    }
  }

  // An arc from each column to a sink has the column's capacity; the sink demands all rows.
  static void with_sink(const Instance& instance, Network& network) {
    network.graph.reserveNode(instance.rows() + instance.columns() + 1);
    network.graph.reserveArc(instance.arcs() + instance.columns());
    network.add_rows_and_columns(instance, false);
    const auto sink = network.graph.addNode();
    for (int column = 0; column < instance.columns(); ++column) {
      const auto arc = network.graph.addArc(network.column_node(instance, column), sink);
      network.upper[arc] = static_cast<int>(instance.capacity[column]);
    }
    network.supply[sink] = -instance.rows();
  }

 private:
  static Graph::Node column_node(const Instance& instance, int column) {
    return Graph::nodeFromId(instance.rows() + column);
  }

  void demand_capacities(const Instance& instance) {
    for (int column = 0; column < instance.columns(); ++column) {
      supply[column_node(instance, column)] = -static_cast<int>(instance.capacity[column]);
    }
  }

  void add_rows_and_columns(const Instance& instance, bool turned) {
    graph.reserveNode(instance.rows() + instance.columns());
    graph.reserveArc(instance.arcs());
    for (int node = 0; node < instance.rows() + instance.columns(); ++node) graph.addNode();
    for (int row = 0; row < instance.rows(); ++row) {
      const auto row_node = Graph::nodeFromId(row);
      supply[row_node] = 1;
      for (auto at = instance.row_start[row]; at < instance.row_start[row + 1]; ++at) {
        const auto column = column_node(instance, static_cast<int>(instance.arc_column[at]));
        const auto arc = turned ? graph.addArc(column, row_node) : graph.addArc(row_node, column);
        cost[arc] = static_cast<int>(instance.arc_cost[at]);
        upper[arc] = unbounded;
      }
    }
  }
};

class Stopwatch {
 public:
  // Notes what the work took.
  template <typename Work>
  void stage(const char* name, Work&& work) {
    const auto cpu = cpu_seconds();
    const auto wall = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> wall_seconds = std::chrono::steady_clock::now() - wall;
    char text[128];
    std::snprintf(text, sizeof text, "%s\"%s\": {\"cpu\": %.9f, \"wall\": %.9f}", stages_.empty() ? "" : ", ", name,
                  cpu_seconds() - cpu, wall_seconds.count());
    stages_ += text;
  }

  std::string json() const { return "{" + stages_ + "}"; }

 private:
  static double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }

  std::string stages_;
};

using Solve = std::function<long long(const Instance&, Stopwatch&)>;
using Formulate = void (*)(const Instance&, Network&);

// Solves with a LEMON algorithm. Its constructor, which copies the network, counts as building.
template <typename Algorithm, typename... Options>
long long solve(const Instance& instance, Stopwatch& stopwatch, Formulate formulate,
                const std::function<void(Algorithm&)>& prepare, Options... options) {
  Network network;
  std::unique_ptr<Algorithm> algorithm;
  stopwatch.stage("build", [&] {
    formulate(instance, network);
    algorithm = std::make_unique<Algorithm>(network.graph);
    algorithm->upperMap(network.upper).costMap(network.cost).supplyMap(network.supply);
    prepare(*algorithm);
  });
  auto status = Algorithm::INFEASIBLE;
  stopwatch.stage("solve", [&] { status = algorithm->run(options...); });
  if (status != Algorithm::OPTIMAL) throw std::runtime_error("LEMON found no optimum");
  return algorithm->template totalCost<long long>();
}

Solve network_simplex(Formulate formulate, NetworkSimplex::SupplyType supply, NetworkSimplex::PivotRule rule) {
  return [=](const Instance& instance, Stopwatch& stopwatch) {
    return solve<NetworkSimplex>(
        instance, stopwatch, formulate, [=](NetworkSimplex& algorithm) { algorithm.supplyType(supply); }, rule);
  };
}

Solve cost_scaling(Formulate formulate, CostScaling::Method method) {
  return [=](const Instance& instance, Stopwatch& stopwatch) {
    return solve<CostScaling>(instance, stopwatch, formulate, [](CostScaling&) {}, method);
  };
}

Solve capacity_scaling(Formulate formulate) {
  return [=](const Instance& instance, Stopwatch& stopwatch) {
    return solve<CapacityScaling>(instance, stopwatch, formulate, [](CapacityScaling&) {});
  };
}

const std::map<std::string, Solve> formulations = {
    {"network-simplex", network_simplex(Network::turned, NetworkSimplex::LEQ, NetworkSimplex::ALTERING_LIST)},
    {"network-simplex-block", network_simplex(Network::turned, NetworkSimplex::LEQ, NetworkSimplex::BLOCK_SEARCH)},
    {"network-simplex-geq", network_simplex(Network::without_sink, NetworkSimplex::GEQ, NetworkSimplex::ALTERING_LIST)},
    {"network-simplex-geq-block",
     network_simplex(Network::without_sink, NetworkSimplex::GEQ, NetworkSimplex::BLOCK_SEARCH)},
    {"network-simplex-geq-candidates",
     network_simplex(Network::without_sink, NetworkSimplex::GEQ, NetworkSimplex::CANDIDATE_LIST)},
    {"network-simplex-bounded", network_simplex(Network::bounded, NetworkSimplex::GEQ, NetworkSimplex::BLOCK_SEARCH)},
    {"network-simplex-sink", network_simplex(Network::with_sink, NetworkSimplex::GEQ, NetworkSimplex::BLOCK_SEARCH)},
    {"cost-scaling", cost_scaling(Network::without_sink, CostScaling::PARTIAL_AUGMENT)},
    {"cost-scaling-sink", cost_scaling(Network::with_sink, CostScaling::PARTIAL_AUGMENT)},
    {"cost-scaling-augment", cost_scaling(Network::without_sink, CostScaling::AUGMENT)},
    {"cost-scaling-push", cost_scaling(Network::without_sink, CostScaling::PUSH)},
    {"capacity-scaling", capacity_scaling(Network::without_sink)},
};

// Returns the most memory that the process has held so far.
long peak_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long number = 0;
    if (word == "VmHWM:" && status >> number) return number;
  }
  throw std::runtime_error("the kernel does not state the peak memory");
}

void run(const Solve& solve, const std::string& path, std::size_t times) {
  const auto base = peak_kb();
  const Instance instance(path);
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::vector<std::string> attempts;
  long long cost = 0;
  while (attempts.empty() || (attempts.size() < times && elapsed() < enough_seconds)) {
    Stopwatch stopwatch;
    cost = solve(instance, stopwatch);
    attempts.push_back(stopwatch.json());
  }
  std::printf("{\"attempts\": [");
  for (std::size_t i = 0; i < attempts.size(); ++i) std::printf("%s%s", i == 0 ? "" : ", ", attempts[i].c_str());
  std::printf("], \"answer\": {\"placed\": %d, \"cost\": %lld}, \"base_kb\": %ld, \"peak_kb\": %ld}\n",
              instance.rows(), cost, base, peak_kb());
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 4) throw std::runtime_error("usage: lemon FORMULATION FILE TIMES");
  run(formulations.at(arguments[1]), arguments[2], std::stoul(arguments[3]));
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
