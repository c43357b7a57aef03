internal import StaticAssets

/// What the health path hides.
struct HealthWarning {
  let text: String

  /// Nil if `table` has no file at `path`.
  init?(_ path: String, _ table: FileTable) {
    let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
    guard let status = table.explain(request).status, status.rawValue < 400 else { return nil }
    text = "--health-path \(path) hides a file of that URL; name a path that no file has"
  }
}
