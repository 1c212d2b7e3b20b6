# runc: a container of one static program, rootless, without control groups.
mkdir -p /tmp/bundle/rootfs/bin && cp /srv/lab1/bin/acc /tmp/bundle/rootfs/bin/acc
cat > /tmp/bundle/run.sh <<'S'
cd /tmp/bundle
runc --root /tmp/bundle/state spec --rootless
python3 - <<'P'
import json
spec = json.load(open("config.json"))
spec["process"].update(terminal=False, args=["/bin/acc", "open", "/proc/self/maps"])
spec["mounts"] = [m for m in spec["mounts"] if m["type"] == "proc"]
json.dump(spec, open("config.json", "w"))
P
timeout 10 runc --root /tmp/bundle/state run lab
S
chown -R $LABUSER:$LABUSER /tmp/bundle
setpriv --reuid $LABUSER --regid $LABUSER --clear-groups env XDG_RUNTIME_DIR=/tmp/bundle HOME=/tmp/bundle sh /tmp/bundle/run.sh
true
