extension FileTable {
  /// A directory that is served below a URL path.
  ///
  /// Of several files for one URL that of the longest territory is served, on equal territories
  /// that of the later mount. The same order decides about what no file is called.
  public struct Mount: Sendable {
    /// Whose the names are that the directory lacks.
    public enum Kind: Sendable, BitwiseCopyable {
      /// The directory's: 404. It may have been collected, and its manifests count.
      case collected
      /// The directory's, too; it is not collected but a source of what is.
      case source
      /// Somebody else's: `plan` is nil for them, or the fallback's.
      case `public`
    }

    /// The directory.
    public var directory: String
    /// The URL path that the directory stands for; begins and ends with a slash.
    public var prefix: String
    /// The URL path that the directory shares with others: the prefix, or what that begins with.
    ///
    /// Django's sources all have that of STATIC_URL, whatever prefix one of them adds to it: which
    /// comes first is then a matter of their order alone.
    public var territory: String
    /// Whose the names are that the directory lacks.
    public var kind: Kind

    /// A mount of its parts.
    ///
    /// - Parameters:
    ///   - directory: the directory.
    ///   - prefix: the URL path that it stands for; begins and ends with a slash.
    ///   - territory: the URL path that it shares with others; nil is the prefix.
    ///   - kind: whose the names are that it lacks.
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

/// A directory that files are opened in, as long as this lives.
final class MountedDirectory: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }
}

/// A mount with what was found in its directory.
struct ScannedMount {
  let mount: FileTable.Mount
  let path: FilePath
  let directory: MountedDirectory
  let scan: RootScan
  let manifests: RootManifests

  /// Lists the files of `mount`, and reads its manifests if it may have been collected.
  ///
  /// - Throws: when the directory cannot be listed or a manifest is malformed.
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
    // The manifests take as long to read as the directories to list.
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
    case nil: preconditionFailure("both have been run")
    }
    self.manifests = try manifests.get()
    self.path = path
    self.directory = directory
  }

  /// One file alone, with the stored codings beside it, at no URL.
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
