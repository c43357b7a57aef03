extension DjangoScript {
  /// Checks that the storage of a project is one that staticd can replace.
  static let storage = #"""
    # The attributes that decide about names and contents of collected files. If a class, an
    # instance or a patch of the project changes one of them, staticd cannot replace the storage.
    DECIDING = [
        "_compute_manifest_hash", "_js_module_import_aggregation_patterns", "_open", "_post_process",
        "_save", "_stored_name", "_url", "clean_name", "compress_files", "create_compressor",
        "default_template", "delete_files", "file_hash", "get_alternative_name", "get_available_name",
        "get_comment_blocks", "get_ignored_blocks", "hash_key", "hashed_name", "is_in_comment",
        "is_in_ignored_block", "manifest_hash", "manifest_version", "open", "path", "patterns",
        "post_process", "post_process_with_compression", "save", "save_manifest", "stored_name",
        "url_converter",
    ]


    def about_storage(settings):
        from django.contrib.staticfiles import storage as library
        from django.core.exceptions import ImproperlyConfigured
        from django.core.files.storage import FileSystemStorage

        no_root = Refused("STATIC_ROOT is not set; set it in the settings, or give --root")
        try:
            kind = library.staticfiles_storage.__class__
        except ImproperlyConfigured:
            raise no_root if settings.STATIC_URL and not settings.STATIC_ROOT else sys.exc_info()[1]
        storage = library.staticfiles_storage._wrapped
        name = "%s.%s" % (kind.__module__, kind.__qualname__)
        refused = lambda reason: Refused("its staticfiles storage %s %s" % (name, reason))
        if not isinstance(storage, FileSystemStorage):
            raise refused("keeps no files in a directory, and staticd collects into one")
        try:
            library.staticfiles_storage.base_url
        except ImproperlyConfigured:
            raise no_root if settings.STATIC_URL and not settings.STATIC_ROOT else sys.exc_info()[1]
        changed = changes(storage, library)
        if changed:
            raise refused("changes %s, which staticd cannot do" % ", ".join(changed))
        hashes = isinstance(storage, library.ManifestFilesMixin)
        if isinstance(storage, library.HashedFilesMixin) and not hashes:
            raise refused("hashes names and keeps no manifest; use ManifestStaticFilesStorage")
        if hashes and storage.manifest_name != "staticfiles.json":
            raise refused("calls its manifest %r, and staticd always staticfiles.json" % storage.manifest_name)
        if hashes and getattr(storage, "manifest_storage", storage) is not storage:
            raise refused("keeps its manifest elsewhere, and staticd always in STATIC_ROOT")
        if hashes and storage.keep_intermediate_files:
            raise refused("wants intermediate files kept, and staticd writes none")
        if not storage.location:
            raise no_root
        root = wanted["root"] or os.path.abspath(storage.location)
        return {
            "root": root,
            "storage": name,
            "hashes": int(hashes),
            "modules": int(bool(getattr(storage, "support_js_module_import_aggregation", False))),
            "fileMode": mode(storage, "file_permissions_mode", "FILE_UPLOAD_PERMISSIONS"),
            "directoryMode": mode(
                storage, "directory_permissions_mode", "FILE_UPLOAD_DIRECTORY_PERMISSIONS"
            ),
            "keepOnlyHashed": int(hashes and bool(getattr(storage, "keep_only_hashed_files", False))),
        }


    def changes(storage, library):
        """The names in DECIDING that the project changes."""
        kind = type(storage)
        changed = {d for d in DECIDING if not is_known(owner(kind, d))}
        for base in kind.__mro__:
            if is_known(base.__module__) and base.__module__ != "builtins":
                changed.update(patched(base))
                changed.update(changed_globals(base.__module__))
        changed.update(replaced(storage))
        if not isinstance(storage, library.HashedFilesMixin):
            return sorted(changed)
        # Compares what __init__ creates: attributes of the instance, and the compiled patterns.
        plain = library.ManifestStaticFilesStorage
        attribute = "support_js_module_import_aggregation"
        plain = type("Plain", (plain,), {attribute: getattr(storage, attribute, False)})
        plain = plain(location=storage.location, base_url=storage.base_url)
        changed.update(d for d in DECIDING if d in vars(storage) and d not in vars(plain))
        if compiled(storage) != compiled(plain):
            changed.add("patterns")
        return sorted(changed)


    def compiled(storage):
        return {
            extension: [(pattern.pattern, pattern.flags, template) for pattern, template, *_ in patterns]
            for extension, patterns in storage._patterns.items()
        }


    def patched(kind):
        """The names in DECIDING that were changed in a library's class."""
        try:
            then = vars(original(kind))
        except (KeyError, OSError, ImportError, SyntaxError):
            return []
        return [name for name in DECIDING if code(vars(kind).get(name)) != code(then.get(name))]


    def replaced(storage):
        """The names in DECIDING that differ in an instance, for example by __getattribute__."""
        for name in DECIDING:
            of_class = next((vars(c)[name] for c in type(storage).__mro__ if name in vars(c)), None)
            if is_function(of_class) and code(getattr(storage, name, None)) != code(of_class):
                yield name


    def owner(kind, name):
        return next((c.__module__ for c in kind.__mro__ if name in vars(c)), "django")


    def is_known(module):
        return module.split(".")[0] == "django" or module == "whitenoise.storage"


    def mode(storage, name, setting):
        """Permissions as os.chmod takes them; -1 for None."""
        value = getattr(storage, name)
        if value is None:
            return -1
        if isinstance(value, int) and 0 <= value <= 0o177777:
            return value & 0o7777
        if getattr(storage, "_" + name, None) is not None:
            setting = "%s of its staticfiles storage" % name
        raise Refused("%s is %r, and must be an integer such as 0o644" % (setting, value))
    """#
}
