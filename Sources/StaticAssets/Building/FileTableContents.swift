/// The parts of a table under construction; `FileTable.init` consumes them.
struct FileTableContents: ~Copyable {
  let options: FileTable.Options
  var mounts: [FileTable.Mount] = []
  var publishedNames: [PublishedNames] = []
  var directories: [MountedDirectory] = []
  var fileCount = 0
  var arena = ByteArenaBuilder()
  var entries: [FileEntry] = []
  var representations: [Representation] = []
  var storedFiles: [StoredFile] = []
  var territories: [Territory] = []
  var fallback: FileEntry?
  var hasDeferredBodies = false
  var warnings: [String] = []
  var fixed: FixedResponses
  var appPages: [ResponseStatus: ResponsePlan]
}
