internal import StaticAssets

/// The warning that the health path hides a file.
struct HealthWarning {
  let text: String

  /// Nil if `table` has no file at `path`.
  init?(_ path: String, _ table: FileTable) {
    let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
    let explanation = table.explain(request)
    guard let status = explanation.status, status.rawValue < 400 else { return nil }
    // A fallback page answers paths without a file: nothing is hidden.
    guard !explanation.steps.contains(where: { $0.source == "fallback" }) else { return nil }
    text = "--health-path \(path) hides a file of that URL; name a path that no file has"
  }
}
