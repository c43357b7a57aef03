/// The parts of a table under construction; `FileTable.init` consumes them.
struct FileTableContents: ~Copyable {
  let options: FileTable.Options
  var mounts: [FileTable.Mount] = []
  var publishedNames: [PublishedNames] = []
  var directories: [MountedDirectory] = []
  var fileCount = 0
  var arena = ByteArenaBuilder()
  var entries: [FileEntry] = []
  var representations = FixedArrayBuilder<Representation>()
  var storedFiles = FixedArrayBuilder<StoredFile>()
  var territories: [Territory] = []
  var live: LiveSite?
  var uncodedFiles: [UncodedFile] = []
  var hasDeferredBodies = false
  var isPending = false
  var routes = Routes.Parts()
  /// The entry of a table that consists of one file without a URL.
  var onlyFile: FileEntry?
  /// The responses to CORS preflights.
  var preflights: [HeadTemplate] = []
  /// The origin that each of them allows, in the arena.
  var allowedOrigins: [ByteSlice] = []
  var warnings: [String] = []
  var fixed: FixedResponses
  var appPages: [ResponseStatus: ResponsePlan]
}
