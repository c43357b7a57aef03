extension Set<String> {
  /// The maximum number of names that are suggested for an ambiguous prefix.
  private static let offeredCountMax = 3

  /// The long options, quoted, that `argument` probably stands for: those that begin with it, or
  /// the nearest one; nil if there is none, or too many begin with it.
  func meant(by argument: String) -> String? {
    guard argument.hasPrefix("--"), argument.count > 2 else { return nil }
    let longer = filter { $0.hasPrefix(argument) }.sorted()
    if (1...Self.offeredCountMax).contains(longer.count) {
      return longer.map { "'\($0)'" }.joined(separator: " or ")
    }
    let nearest = nearest(to: argument)
    return longer.isEmpty && argument.isNear(nearest) ? "'\(nearest)'" : nil
  }

  /// The name with the smallest edit distance to `name`; the alphabetically first one of several.
  func nearest(to name: String) -> String {
    let ranked = map { (distance: $0.editDistance(to: name), name: $0) }
    return ranked.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name ?? ""
  }
}

extension String {
  /// Whether `other` is probably this text with one or two typing errors.
  func isNear(_ other: String) -> Bool {
    editDistance(to: other) <= (Swift.min(count, other.count) < 5 ? 1 : 2)
  }

  /// The number of insertions, deletions and replacements of a character that lead to `other`.
  fileprivate func editDistance(to other: String) -> Int {
    let other = Array(other)
    var row = Array(0...other.count)
    for (index, character) in enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let replaced = diagonal + (character == other[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = Swift.min(replaced, Swift.min(diagonal, row[column]) + 1)
      }
    }
    return row[other.count]
  }
}
