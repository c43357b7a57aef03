import Foundation

extension TemporaryDirectory {
  /// Waits until no file in it has changed for more than two seconds.
  ///
  /// Until then a change may not alter a file's times, so that `collect` reads the file in any
  /// case. The kernel sets the change time, so a test cannot.
  public func settle() {
    var newest = 0
    for name in files() {
      var status = stat()
      guard lstat(path(name), &status) == 0 else { continue }
      newest = max(newest, status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec)
    }
    let settled = Double(newest) / 1e9 + 2.02
    _ = eventually { Date().timeIntervalSince1970 > settled }
  }
}
