extension FileTable {
  /// A directory that is served below a URL path.
  ///
  /// If several mounts have a file for one URL, the mount with the longest territory serves it;
  /// among equal territories the last mount. The same order decides who answers for missing files.
  public struct Mount: Sendable {
    /// Who answers for a missing file: this mount (404) or the app.
    public enum Kind: Sendable, BitwiseCopyable {
      /// This mount: 404. The directory may contain manifests, which are read.
      case collected
      /// This mount: 404. The directory is a source for the collector, without manifests.
      case source
      /// The app: `plan` is nil, or the fallback if the path may be a page.
      case `public`
    }

    /// The path of the directory.
    public var directory: String
    /// The URL path of the directory; begins and ends with a slash.
    public var prefix: String
    /// The URL path whose mounts are searched together: a prefix of `prefix`, or `prefix` itself.
    ///
    /// All sources of a Django project have the territory STATIC_URL, also those with a prefix of
    /// their own in STATICFILES_DIRS, so that only their order decides which file is served.
    public var territory: String
    /// Who answers for a missing file: this mount (404) or the app.
    public var kind: Kind

    /// A mount.
    ///
    /// - Parameters:
    ///   - directory: the path of the directory.
    ///   - prefix: its URL path; traps unless it begins and ends with a slash.
    ///   - territory: the URL path whose mounts are searched together; nil means `prefix`. Traps
    ///     unless it is a prefix of `prefix` and begins and ends with a slash.
    ///   - kind: who answers for a missing file.
    public init(
      _ directory: String,
      at prefix: String,
      in territory: String? = nil,
      kind: Kind
    ) {
      let territory = territory ?? prefix
      precondition(prefix.hasPrefix(territory) && prefix.hasSuffix("/"))
      precondition(territory.hasPrefix("/") && territory.hasSuffix("/"))
      self.directory = directory
      self.prefix = prefix
      self.territory = territory
      self.kind = kind
    }
  }
}

/// A directory, open as long as this object lives; files are opened relative to it.
final class MountedDirectory: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }
}

/// A mount and the result of scanning its directory.
struct ScannedMount {
  let mount: FileTable.Mount
  let path: FilePath
  let directory: MountedDirectory
  let scan: RootScan
  let manifests: RootManifests

  /// Lists the files of `mount` and, if it is a collected root, reads its manifests.
  ///
  /// - Throws: `AssetError` when the directory cannot be listed or a manifest is malformed.
  init(
    _ mount: FileTable.Mount,
    _ threadCountMax: Int = ParallelMap.threadCountMax
  ) throws(AssetError) {
    self.mount = mount
    let path = FilePath(mount.directory)
    let directory: MountedDirectory
    do throws(FileError) {
      directory = MountedDirectory(try Descriptor.open(path, flags: FileFlags.directory))
    } catch {
      throw .unreadable(error)
    }
    var scan: Result<RootScan, FileError>?
    var manifests = Result<RootManifests, AssetError>.success(RootManifests())
    // Reading the manifests takes about as long as listing the directories.
    ParallelMap.both(threadCount: mount.kind == .collected ? threadCountMax : 1) {
      scan = Result { () throws(FileError) in
        try RootScan(root: path, directory.descriptor, threadCountMax: threadCountMax)
      }
    } _: {
      guard mount.kind == .collected else { return }
      manifests = Result { () throws(AssetError) in
        try RootManifests(root: path, directory.descriptor)
      }
    }
    switch scan {
    case .success(let scan): self.scan = scan
    case .failure(let error): throw .unreadable(error)
    case nil: preconditionFailure("`ParallelMap.both` runs both functions")
    }
    self.manifests = try manifests.get()
    self.path = path
    self.directory = directory
  }

  /// A mount of one file and its stored codings, without a URL.
  ///
  /// - Throws: `FileError` when it cannot be read or is not a regular file.
  init(file: FilePath) throws(FileError) {
    let isTop = file.bytes.first == UInt8(ascii: "/")
    let parent = file.parent.isEmpty ? FilePath(isTop ? "/" : ".") : file.parent
    mount = FileTable.Mount(parent.description, at: "/", kind: .public)
    path = parent
    directory = MountedDirectory(try Descriptor.open(parent, flags: FileFlags.directory))
    scan = try RootScan(file: file.lastComponent, in: directory.descriptor, path: file)
    manifests = RootManifests()
  }
}
