/// Numbers formatted for messages.
package enum Count {
  /// `1 file`, `2 files`.
  package static func of(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A size with one unit: `900 B`, `1.5 KiB`, `20.3 MiB`.
  package static func bytes(_ count: Int) -> String {
    guard count >= 1024 else { return "\(count) B" }
    var (value, unit) = (Double(count) / 1024, "KiB")
    for next in ["MiB", "GiB"] where value >= 1024 {
      (value, unit) = (value / 1024, next)
    }
    return "\((value * 10).rounded() / 10) \(unit)"
  }
}
