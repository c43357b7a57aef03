/// The order in which files must be named.
///
/// Strongly connected components by Tarjan's algorithm, without recursion, because a chain of style
/// sheets may have any length. R. Tarjan, "Depth-first search and linear graph algorithms", 1972.
struct ReferenceGraph {
  /// The files that each file refers to.
  private let edges: [[Int]]

  init(_ edges: [[Int]]) {
    self.edges = edges
  }

  /// Groups of files that refer to each other, mostly of one file.
  ///
  /// Each group comes after the groups that it refers to.
  func components() -> [[Int]] {
    var search = Search(edges)
    for file in edges.indices where search.order[file] == nil { search.visit(file) }
    return search.components
  }

  private struct Search {
    private let edges: [[Int]]
    private(set) var order: [Int?]
    private(set) var components: [[Int]] = []
    private var lowest: [Int]
    private var isOnStack: [Bool]
    private var stack: [Int] = []
    private var count = 0
    /// The path from the start of the search, with the next edge of each file on it.
    private var path: [(file: Int, nextEdge: Int)] = []

    init(_ edges: [[Int]]) {
      self.edges = edges
      order = Array(repeating: nil, count: edges.count)
      lowest = Array(repeating: 0, count: edges.count)
      isOnStack = Array(repeating: false, count: edges.count)
    }

    mutating func visit(_ start: Int) {
      enter(start)
      while let (file, nextEdge) = path.last {
        guard nextEdge < edges[file].count else {
          leave(file)
          continue
        }
        path[path.count - 1].nextEdge += 1
        let target = edges[file][nextEdge]
        if order[target] == nil {
          enter(target)
        } else if isOnStack[target] {
          lowest[file] = min(lowest[file], order[target] ?? count)
        }
      }
    }

    private mutating func enter(_ file: Int) {
      order[file] = count
      lowest[file] = count
      count += 1
      stack.append(file)
      isOnStack[file] = true
      path.append((file, 0))
    }

    private mutating func leave(_ file: Int) {
      path.removeLast()
      if let (parent, _) = path.last { lowest[parent] = min(lowest[parent], lowest[file]) }
      guard lowest[file] == order[file] else { return }
      var component: [Int] = []
      repeat {
        let member = stack.removeLast()
        isOnStack[member] = false
        component.append(member)
      } while component.last != file
      components.append(component)
    }
  }
}
