import Foundation
import Synchronization

/// The outcomes of all rows, counted.
public struct Score: Sendable {
  private let outcomes: [(row: Row, outcome: Outcome)]
  private let framework: Framework?

  /// Runs every row with `runner`.
  ///
  /// - Parameter framework: the framework in front of the files; nil for a server without one.
  public init(_ runner: Runner, framework: Framework? = nil) {
    outcomes = Self.outcomes(of: Row.all, runner)
    self.framework = framework
  }

  /// Runs several rows in parallel, each on its own connection: failing rows wait for their
  /// timeout.
  private static func outcomes(of rows: [Row], _ runner: Runner) -> [(Row, Outcome)] {
    let outcomes = Mutex<[Int: Outcome]>([:])
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 16
    for (index, row) in rows.enumerated() {
      queue.addOperation {
        let outcome = runner.run(row)
        outcomes.withLock { $0[index] = outcome }
      }
    }
    queue.waitUntilAllOperationsAreFinished()
    let found = outcomes.withLock { $0 }
    return rows.indices.compactMap { index in found[index].map { (rows[index], $0) } }
  }

  /// Whether no row that an RFC requires has failed; behind a framework, whether exactly the
  /// framework's rows have failed.
  public var isConformant: Bool {
    guard let framework else {
      return outcomes.allSatisfy { $0.row.level != .must || !$0.outcome.isFailure }
    }
    return framework.unknownRows.isEmpty
      && outcomes.allSatisfy { row, outcome in
        guard let deviation = framework.deviation(for: row) else { return !outcome.isFailure }
        return outcome.isFailure || deviation.isRace
      }
  }

  /// The failed rows, then passed/total per level and per chapter.
  public var report: String {
    var lines: [String] = []
    for level in Level.allCases { lines += failures(level) }
    lines += deviations
    lines.append("")
    for level in Level.allCases { lines.append(count(level.rawValue) { $0.level == level }) }
    let chapters = Set(outcomes.map(\.row.clause.chapter)).sorted {
      $0.compare($1, options: .numeric) == .orderedAscending
    }
    // Promises are specific to staticd and do not measure other servers.
    for chapter in chapters {
      lines.append(
        count(chapter) { $0.clause.chapter == chapter && $0.level != .promise }
      )
    }
    return lines.joined(separator: "\n")
  }

  private func failures(_ level: Level) -> [String] {
    outcomes.flatMap { row, outcome -> [String] in
      guard row.level == level, framework?.deviation(for: row) == nil,
        case .failed(let failures) = outcome
      else { return [] }
      return ["\(level.rawValue): \(row.name)", "  \(row.clause)"] + failures.map { "  got \($0)" }
    }
  }

  /// The framework's rows, each group with its reason and the number of failures.
  private var deviations: [String] {
    (framework?.deviations ?? []).flatMap { deviation -> [String] in
      let rows = outcomes.filter { deviation.rows.contains($0.row.name) }
      return ["the framework's: \(deviation.reason)"]
        + rows.map { row, outcome in
          let isStale = !outcome.isFailure && !deviation.isRace
          return "  \(row.name)\(isStale ? ": STALE, it does not fail" : "")"
        }
    } + (framework?.unknownRows ?? []).map { "no row is called \($0)" }
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
