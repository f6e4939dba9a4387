%% Finds processes by name in an ETS table (set, read_concurrency, binaries as keys) and in Elixir's
%% Registry. Each process holds one name of a thousand, or a thousand names of a million.
-module(names).
-export([read/4, take_and_give_back/2, many/2, longest_write/2]).

%% Kind is ets, lookup (Registry.lookup) or whereis (Registry.whereis_name, which checks whether the
%% process is alive). Readers is the number of concurrent readers. Each reader reads Reads names. A
%% writer renews 10 k names a second.
read(Kind, Count, Readers, Reads) ->
    Names = names(Count),
    Table = open(Kind),
    Entries = fill(Kind, Table, Names),
    Writer = spawn_link(fun() -> renew(Kind, Table, list_to_tuple(Entries), now_ns(), 0) end),
    Parent = self(),
    Passes = max(1, Reads div Count),
    Started = [spawn_link(fun() -> reader(Kind, Table, shuffled(Names), Passes, Parent) end)
               || _ <- lists:seq(1, Readers)],
    [receive {ready, Pid} -> ok end || Pid <- Started],
    [Pid ! go || Pid <- Started],
    Took = [receive {took, Pid, One} -> One end || Pid <- Started],
    Writer ! {stop, self()},
    Renewed = receive {renewed, One} -> One end,
    end_all(lists:usort([Holder || {_, Holder} <- Entries])),
    close(Kind, Table),
    [lists:sum(Took) / Readers / (Passes * Count), Renewed].

reader(Kind, Table, Names, Passes, Parent) ->
    pass(Kind, Table, Names),
    Parent ! {ready, self()},
    receive go -> ok end,
    Took = elapsed(fun() -> passes(Kind, Table, Names, Passes) end),
    Parent ! {took, self(), Took}.

passes(_, _, _, 0) -> ok;
passes(Kind, Table, Names, Left) ->
    pass(Kind, Table, Names),
    passes(Kind, Table, Names, Left - 1).

%% A name has no holder while it is renewed.
pass(ets, Table, Names) -> pass_ets(Table, Names, 0);
pass(lookup, Table, Names) -> pass_lookup(Table, Names, 0);
pass(whereis, Table, Names) -> pass_whereis(Table, Names, 0).

pass_ets(_, [], Found) -> Found;
pass_ets(Table, [Name | Rest], Found) ->
    case ets:lookup(Table, Name) of
        [{_, Pid}] when is_pid(Pid) -> pass_ets(Table, Rest, Found + 1);
        [] -> pass_ets(Table, Rest, Found)
    end.

pass_lookup(_, [], Found) -> Found;
pass_lookup(Registry, [Name | Rest], Found) ->
    case 'Elixir.Registry':lookup(Registry, Name) of
        [{Pid, _}] when is_pid(Pid) -> pass_lookup(Registry, Rest, Found + 1);
        [] -> pass_lookup(Registry, Rest, Found)
    end.

pass_whereis(_, [], Found) -> Found;
pass_whereis(Registry, [Name | Rest], Found) ->
    case 'Elixir.Registry':whereis_name({Registry, Name}) of
        Pid when is_pid(Pid) -> pass_whereis(Registry, Rest, Found + 1);
        undefined -> pass_whereis(Registry, Rest, Found)
    end.

%% Every millisecond or two, renews as many names as are due by the clock.
renew(Kind, Table, Entries, Begin, Done) ->
    receive
        {stop, To} -> To ! {renewed, Done * 1000000000 / (now_ns() - Begin)}
    after 1 ->
        Due = (now_ns() - Begin) div 100000,
        [renew_one(Kind, Table, element(1 + One rem tuple_size(Entries), Entries))
         || One <- lists:seq(Done, Due - 1)],
        renew(Kind, Table, Entries, Begin, max(Done, Due))
    end.

renew_one(ets, Table, {Name, Holder}) ->
    ets:delete(Table, Name),
    true = ets:insert_new(Table, {Name, Holder});
renew_one(_, _, {Name, Holder}) ->
    Holder ! {renew, Name}. % a process can register only itself

%% Answers ns per register and unregister. Clients is the number of concurrent processes, each with
%% its own name.
take_and_give_back(Count, Clients) ->
    Registry = open(whereis),
    Parent = self(),
    Each = Count div Clients,
    Started = [spawn_link(fun() -> client(Registry, Name, Each, Parent) end) || Name <- names(Clients)],
    Took = elapsed(fun() ->
        [Pid ! go || Pid <- Started],
        [receive {done, Pid} -> ok end || Pid <- Started]
    end),
    close(whereis, Registry),
    [Took / (Each * Clients)].

client(Registry, Name, Count, Parent) ->
    take_and_give_back_each(Registry, Name, Count div 10),
    receive go -> ok end,
    take_and_give_back_each(Registry, Name, Count),
    Parent ! {done, self()}.

take_and_give_back_each(_, _, 0) -> ok;
take_and_give_back_each(Registry, Name, Left) ->
    {ok, _} = 'Elixir.Registry':register(Registry, Name, nil),
    ok = 'Elixir.Registry':unregister(Registry, Name),
    take_and_give_back_each(Registry, Name, Left - 1).

%% Answers the bytes per name in the tables. About a thousand processes hold the Count names.
many(Kind, Count) ->
    Names = names(Count),
    Table = open(Kind),
    erlang:garbage_collect(),
    Before = erlang:memory(ets),
    {Holders, _} = grow(Kind, Table, Names),
    Bytes = (erlang:memory(ets) - Before) / Count,
    end_all(Holders),
    close(Kind, Table),
    [Bytes].

%% Measures Count writes to a growing table. Answers the longest and the 99.99th percentile, in ns.
longest_write(Kind, Count) ->
    Names = names(Count),
    Table = open(Kind),
    {Holders, Samples} = grow(Kind, Table, Names),
    end_all(Holders),
    close(Kind, Table),
    Sorted = list_to_tuple(lists:sort(lists:append(Samples))),
    Writes = tuple_size(Sorted),
    [element(Writes, Sorted), element(ceil(0.9999 * Writes), Sorted)].

%% One process after the other takes its part of the names. Each heap is large enough to avoid
%% garbage collections during the measured writes.
grow(Kind, Table, Names) ->
    Parent = self(),
    Part = max(1, length(Names) div 1000),
    lists:unzip([begin
        Holder = spawn_opt(fun() ->
            Parent ! {wrote, self(), timed(Kind, Table, Mine, [])},
            receive stop -> ok end
        end, [{min_heap_size, 64 * Part + 10000}]),
        {Holder, receive {wrote, Holder, Samples} -> Samples end}
    end || Mine <- parts(Names, Part)]).

timed(_, _, [], Samples) -> Samples;
timed(Kind, Table, [Name | Rest], Samples) ->
    Begin = erlang:monotonic_time(),
    take(Kind, Table, Name),
    End = erlang:monotonic_time(),
    timed(Kind, Table, Rest, [nanoseconds(End - Begin) | Samples]).

take(ets, Table, Name) -> true = ets:insert_new(Table, {Name, self()});
take(_, Registry, Name) -> {ok, _} = 'Elixir.Registry':register(Registry, Name, nil).

open(ets) ->
    ets:new(names, [set, public, {read_concurrency, true}]);
open(_) ->
    {ok, _} = 'Elixir.Registry':start_link([{keys, unique}, {name, bench_names}]),
    bench_names.

close(ets, Table) -> ets:delete(Table);
close(_, Registry) -> 'Elixir.Supervisor':stop(Registry).

%% Starts about a thousand holders, or one per name if there are fewer names. Answers each name with
%% its holder.
fill(Kind, Table, Names) ->
    Parent = self(),
    Part = max(1, length(Names) div 1000),
    Holders = [{spawn_link(fun() ->
        [take(Kind, Table, Name) || Name <- Mine],
        Parent ! {holds, self()},
        hold(Kind, Table)
    end), Mine} || Mine <- parts(Names, Part)],
    [receive {holds, Holder} -> ok end || {Holder, _} <- Holders],
    [{Name, Holder} || {Holder, Mine} <- Holders, Name <- Mine].

parts(Names, Part) -> parts(Names, length(Names), Part).

parts([], 0, _) -> [];
parts(Names, Left, Part) ->
    {Mine, Rest} = lists:split(min(Part, Left), Names),
    [Mine | parts(Rest, Left - length(Mine), Part)].

hold(Kind, Table) ->
    receive
        {renew, Name} ->
            'Elixir.Registry':unregister(Table, Name),
            take(Kind, Table, Name),
            hold(Kind, Table);
        stop ->
            ok
    end.

end_all(Holders) ->
    Monitors = [erlang:monitor(process, Holder) || Holder <- Holders],
    [Holder ! stop || Holder <- Holders],
    [receive {'DOWN', Monitor, process, _, _} -> ok end || Monitor <- Monitors].

names(Count) -> [iolist_to_binary(["worker/orders/", integer_to_binary(N)]) || N <- lists:seq(1, Count)].

shuffled(Names) -> [Name || {_, Name} <- lists:sort([{rand:uniform(), Name} || Name <- Names])].

now_ns() -> erlang:monotonic_time(nanosecond).

elapsed(Do) ->
    Begin = erlang:monotonic_time(),
    Do(),
    nanoseconds(erlang:monotonic_time() - Begin).

nanoseconds(Native) -> erlang:convert_time_unit(Native, native, nanosecond).
