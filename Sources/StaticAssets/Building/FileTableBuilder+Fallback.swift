internal import Glibc

/// The fallback of a single-page app.
extension FileTableBuilder {
  /// Loads the file at `path`, which answers requests for pages that have no file of their own.
  ///
  /// - Throws: `AssetError.unreadable` when it cannot be read.
  mutating func addFallback(_ path: FilePath) throws(AssetError) {
    do throws(FileError) {
      begin(try ScannedMount(file: path))
      planFiles()
      readBodies()
      contents.fallback = plan.files.first.flatMap { load($0) }
      guard contents.fallback != nil else {
        throw FileError(operation: "read", path: path.description, code: EACCES)
      }
    } catch {
      throw .unreadable(error)
    }
  }
}
