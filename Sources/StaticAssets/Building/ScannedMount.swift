/// A mount and the result of scanning its directory.
struct ScannedMount {
  let mount: FileTable.Mount
  let path: BytePath
  let directory: MountedDirectory
  let scan: RootScan
  let manifests: RootManifests

  /// Lists the files of `mount` and, if it is a collected root, reads its manifests.
  ///
  /// - Parameter servesManifests: whether its manifests are served like other files.
  /// - Throws: `AssetError` when the directory cannot be listed or a manifest is malformed.
  init(
    _ mount: FileTable.Mount,
    _ threadCountMax: Int = ParallelMap.threadCountMax,
    servesManifests: Bool = false
  ) throws(AssetError) {
    self.mount = mount
    let path = BytePath(mount.directory)
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
        try RootScan(
          root: path,
          directory.descriptor,
          threadCountMax: threadCountMax,
          servesManifests: servesManifests
        )
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
  init(file: BytePath) throws(FileError) {
    let isTop = file.bytes.first == UInt8(ascii: "/")
    let parent = file.parent.isEmpty ? BytePath(isTop ? "/" : ".") : file.parent
    mount = FileTable.Mount(parent.description, at: "/", kind: .public)
    path = parent
    directory = MountedDirectory(try Descriptor.open(parent, flags: FileFlags.directory))
    scan = try RootScan(file: file.lastComponent, in: directory.descriptor, path: file)
    manifests = RootManifests()
  }
}
