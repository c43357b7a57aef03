/// The processors that this process may use.
package enum Processors {
  /// The number of processors, at least 1: those of the affinity mask, at most the control group's
  /// quota.
  package static let count: Int = {
    let allowed = allowedCount(inStatus: ControlGroup.text("/proc/self/status") ?? "")
    return max(1, min(allowed ?? 1, ControlGroup.current.processorCountMax ?? .max))
  }()

  /// The number of processors in the affinity list, such as `0-3,8`; nil if it is missing or
  /// malformed.
  ///
  /// Source: proc_pid_status(5), `Cpus_allowed_list`.
  package static func allowedCount(inStatus text: String) -> Int? {
    let field = "Cpus_allowed_list:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field) }) else {
      return nil
    }
    var count = 0
    for range in line.dropFirst(field.count).split(whereSeparator: { " \t,".contains($0) }) {
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, last >= first else { return nil }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }
}
