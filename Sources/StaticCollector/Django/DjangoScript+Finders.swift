extension DjangoScript {
  /// Describes what the finders of a project list.
  ///
  /// Directories are returned where staticd lists them exactly as Django would. Where a finder, its
  /// storage or a patch of Django may list them differently, the files of the finder are returned.
  static let finders = #"""
    def sources(patterns, get_finders):
        """The directories of each finder in order, or its files if only it can list them."""
        from django.contrib.staticfiles import finders, utils

        is_listed_plainly = not changed_globals(utils.__name__)
        for finder in get_finders():
            storages = getattr(finder, "storages", {})
            plain = is_listed_plainly and all(lists_plainly(s) for s in storages.values())
            if plain and is_finder_of_settings(finder, finders.FileSystemFinder):
                for prefix, root in finder.locations:
                    if os.path.isdir(root):
                        yield {"directory": os.path.abspath(root), "prefix": normalized(prefix)}
            elif plain and gives_original(finder, finders.AppDirectoriesFinder, "list"):
                for storage in storages.values():
                    if os.path.isdir(storage.location):
                        prefix = getattr(storage, "prefix", None)
                        yield {"directory": storage.location, "prefix": normalized(prefix)}
            else:
                yield {"files": [about_file(finder, *found) for found in finder.list(patterns)]}


    def is_finder_of_settings(finder, kind):
        """Whether a finder lists the directories of its settings under their prefixes."""
        if not gives_original(finder, kind, "list"):
            return False
        prefixes = {}
        for prefix, root in finder.locations:
            prefixes.setdefault(root, set()).add(prefix or "")
        for root, own in prefixes.items():
            storage = finder.storages.get(root)
            if storage is None or storage.location != os.path.abspath(root):
                return False
            if (getattr(storage, "prefix", None) or "") not in own:
                return False
        return True


    def lists_plainly(storage):
        """Whether a storage is Django's, without changes to it or to Django."""
        from django.core.files.storage import FileSystemStorage

        if type(storage) is not FileSystemStorage or changed_globals(FileSystemStorage.__module__):
            return False
        names = ("exists", "listdir", "path")
        return opens_plainly(storage) and gives_original(storage, FileSystemStorage, *names)


    def opens_plainly(storage):
        """Whether a storage returns the bytes of its files unchanged."""
        from django.core.files.base import File
        from django.core.files.storage import FileSystemStorage

        is_plain = gives_original(storage, FileSystemStorage, "open", "_open")
        return is_plain and not changed_methods(File)


    def about_file(finder, path, storage):
        prefix = getattr(storage, "prefix", None)
        try:
            place = os.path.abspath(storage.path(path))
        except NotImplementedError:
            name = "%s.%s" % (type(finder).__module__, type(finder).__qualname__)
            raise Refused("its finder %s lists %r, which is no file of this machine" % (name, path))
        if not opens_plainly(storage):
            name = "%s.%s" % (type(storage).__module__, type(storage).__qualname__)
            raise Refused("its storage %s makes the content of %r when it is opened" % (name, path))
        name = os.path.join(prefix, path) if prefix else path
        return [normalized(name) if os.path.basename(name) else name, place]


    def normalized(name):
        """A name or a prefix as a storage saves it: "./a.css" as "a.css".

        A path that leaves its directory, which a storage rejects, is returned unchanged.
        """
        if not name or ".." in name.split("/"):
            return name or ""
        name = os.path.normpath(name)
        return "" if name == "." else name
    """#
}
