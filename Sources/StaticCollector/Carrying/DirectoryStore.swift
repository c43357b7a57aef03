internal import Glibc
public import StaticAssets

/// The releases in a root on this machine.
public struct DirectoryStore: ReleaseStore {
  /// STATIC_ROOT of the earlier release.
  public let directory: BytePath

  /// The root at `directory`.
  public init(_ directory: BytePath) { self.directory = directory }

  /// The directory, quoted.
  public var place: String { "'\(directory)'" }

  /// The content of the file `name` in the root; nil if there is no such file.
  public func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]? {
    do throws(FileError) {
      return try LoadedFile.read(directory.appending(name))
    } catch {
      guard error.code == ENOENT, isThere else {
        throw ReleaseStoreError("cannot \(error.operation): \(FileError.text(of: error.code))")
      }
      return nil
    }
  }

  private var isThere: Bool { (try? FileStatus.of(directory))?.isDirectory == true }
}
