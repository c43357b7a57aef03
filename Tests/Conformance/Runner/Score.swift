import Foundation

/// The outcomes of all rows, counted.
public struct Score: Sendable {
  private let outcomes: [(row: Row, outcome: Outcome)]

  /// Runs every row with `runner`.
  public init(_ runner: Runner) {
    outcomes = Row.all.map { ($0, runner.run($0)) }
  }

  /// Whether no row that an RFC requires has failed.
  public var isConformant: Bool {
    outcomes.allSatisfy { row, outcome in
      guard case .failed = outcome else { return true }
      return row.level != .must
    }
  }

  /// The failed rows, then passed/total per level and per chapter.
  public var report: String {
    var lines: [String] = []
    for level in Level.allCases { lines += failures(level) }
    lines.append("")
    for level in Level.allCases { lines.append(count(level.rawValue) { $0.level == level }) }
    let chapters = Set(outcomes.map(\.row.clause.chapter)).sorted {
      $0.compare($1, options: .numeric) == .orderedAscending
    }
    // Promises are staticd's: they are no measure of another server.
    for chapter in chapters {
      lines.append(
        count(chapter) { $0.clause.chapter == chapter && $0.level != .promise }
      )
    }
    return lines.joined(separator: "\n")
  }

  private func failures(_ level: Level) -> [String] {
    outcomes.flatMap { row, outcome -> [String] in
      guard row.level == level, case .failed(let failures) = outcome else { return [] }
      return ["\(level.rawValue): \(row.name)", "  \(row.clause)"] + failures.map { "  got \($0)" }
    }
  }

  private func count(_ name: String, _ belongs: (Row) -> Bool) -> String {
    var passed = 0
    var total = 0
    var notApplicable = 0
    for (row, outcome) in outcomes where belongs(row) {
      switch outcome {
      case .passed: passed += 1
      case .failed: break
      case .notApplicable:
        notApplicable += 1
        continue
      }
      total += 1
    }
    let rest = notApplicable > 0 ? ", \(notApplicable) not applicable" : ""
    return "\(name): \(passed)/\(total)\(rest)"
  }
}
